import { totalmem } from 'node:os';

/** The only account of the cluster. It has no password: only accounts that may enter the socket's folder can connect. */
export const clusterUser = 'outrider';
export const clusterPort = 5432;

/**
 * Written to postgresql.conf when the cluster is created; operators may change them there. Acknowledged data must be on disk: fsync,
 * full_page_writes and synchronous_commit keep PostgreSQL's default, on.
 */
export const tuning = (memoryBytes = machineMemory()): Readonly<Record<string, string>> => ({
  max_connections: '100',
  // A sixteenth of the memory: enough for the indexes of a million contacts on a machine with 16 GB, and little on a small one.
  shared_buffers: `${Math.min(1_024, Math.max(128, Math.floor(memoryBytes / 2 ** 24)))}MB`,
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  // The packaged builds only support pglz, which on a small machine costs more processor time than the writes it saves.
  wal_compression: 'off',
  // Rows of the queue live for milliseconds; dead rows must be removed before they slow down scans.
  autovacuum_naptime: '10s',
  autovacuum_vacuum_cost_delay: '1ms',
  random_page_cost: '1.1',
  jit: 'off',
});

/** The memory limit of the container, or else the machine's memory. */
function machineMemory(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}

/** Passed at each start, because Outrider relies on them. A relative socket folder is relative to the cluster. */
export const essentials = (socketFolder: string): Readonly<Record<string, string>> => ({
  port: String(clusterPort),
  listen_addresses: '',
  unix_socket_directories: `"${socketFolder}"`,
  unix_socket_permissions: '0700',
  timezone: 'UTC',
  log_timezone: 'UTC',
  logging_collector: 'on',
  log_directory: 'log',
  // One file per weekday, truncated a week later.
  log_filename: 'postgresql-%a.log',
  log_rotation_age: '1d',
  log_rotation_size: '0',
  log_truncate_on_rotation: 'on',
  // DETAIL lines quote rows, including bodies and secrets.
  log_error_verbosity: 'terse',
});

export const commandLine = (settings: Readonly<Record<string, string>>): string[] =>
  Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
