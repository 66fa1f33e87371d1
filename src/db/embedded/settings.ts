import { totalmem } from 'node:os';

/** The one account of the cluster. It has no password: only who may enter the socket's folder can knock at all. */
export const clusterUser = 'outrider';
export const clusterPort = 5432;

/**
 * Written to postgresql.conf when the cluster is made, where an operator may tune them. What is acknowledged must be on disk:
 * fsync, full_page_writes and synchronous_commit stay as PostgreSQL has them, on.
 */
export const tuning = (memoryBytes = machineMemory()): Readonly<Record<string, string>> => ({
  max_connections: '100',
  // A sixteenth of the memory: enough for the indexes of a million contacts on a machine of 16 GB, and little on a small one.
  shared_buffers: `${Math.min(1_024, Math.max(128, Math.floor(memoryBytes / 2 ** 24)))}MB`,
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  // The packaged builds know pglz alone, which costs more processor time than the write it saves on a small machine.
  wal_compression: 'off',
  // The queue's rows live for milliseconds; what is left of them must go before scans feel it.
  autovacuum_naptime: '10s',
  autovacuum_vacuum_cost_delay: '1ms',
  random_page_cost: '1.1',
  jit: 'off',
});

/** What a container is held to, when it is. */
function machineMemory(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}

/** Given at each start, since the product relies on them. A relative socket folder is the cluster's own. */
export const essentials = (socketFolder: string): Readonly<Record<string, string>> => ({
  port: String(clusterPort),
  listen_addresses: '',
  unix_socket_directories: `"${socketFolder}"`,
  unix_socket_permissions: '0700',
  timezone: 'UTC',
  log_timezone: 'UTC',
  logging_collector: 'on',
  log_directory: 'log',
  // A file for each day of the week, written anew when the day comes round again.
  log_filename: 'postgresql-%a.log',
  log_rotation_age: '1d',
  log_rotation_size: '0',
  log_truncate_on_rotation: 'on',
  // DETAIL lines quote rows, and so bodies and secrets.
  log_error_verbosity: 'terse',
});

export const commandLine = (settings: Readonly<Record<string, string>>): string[] =>
  Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
