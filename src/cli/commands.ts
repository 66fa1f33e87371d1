import { command } from './command.ts';
import type { Command } from './command.ts';

const json = { description: 'Print JSON on stdout, and nothing else there.' };
const server = {
  url: { value: 'URL', description: 'The server to call; OUTRIDER_URL, else http://localhost and OUTRIDER_PORT.' },
  key: {
    value: 'KEY',
    description:
      'The API key to call it with; OUTRIDER_KEY, else one is made for this call, on the machine of the server.',
  },
  org: { value: 'SLUG', description: 'The organization of a key that is made for this call; `default` when not said.' },
};
const serving = {
  processes: { value: 'N', description: 'Share the port over N processes of this machine; 1 when not said.' },
  roles: { value: 'LIST', description: 'What these processes do: api, engine or both; instead of OUTRIDER_ROLES.' },
};

/** Each command's code is loaded when it runs, so that `--help` answers at once. */
export const commands: readonly Command[] = [
  command({
    name: 'serve',
    arguments: [],
    summary: 'Run the server, on its embedded database unless DATABASE_URL is set.',
    details:
      'Brings the database up to date first. The very first start makes the organization `default` and prints its first API key on stdout, once.\nSIGTERM or Ctrl-C ends it when the deliveries under way are finished; a second Ctrl-C at once.',
    options: serving,
    run: async (options) => (await import('./serve.ts')).serveCommand('serve', options),
  }),
  command({
    name: 'dev',
    arguments: [],
    summary: 'As serve, for a developer: endpoints on this machine (localhost) and without TLS are allowed.',
    options: serving,
    run: async (options) => (await import('./serve.ts')).serveCommand('dev', options),
  }),
  command({
    name: 'demo',
    arguments: [],
    summary: 'Deliver events to a small receiver, all in a folder that is thrown away, and show how it went.',
    options: { events: { value: 'N', description: 'How many events; 1000 when not said.' } },
    run: async (options) => (await import('./demo.ts')).demoCommand(options),
  }),
  command({
    name: 'listen',
    arguments: [],
    summary: 'Receive deliveries on this machine, through a temporary endpoint that is removed on exit.',
    options: {
      ...server,
      forward: { value: 'URL', description: 'Send each delivery on to this URL, such as http://localhost:3000/hook.' },
      events: {
        value: 'LIST',
        description: 'Event types to receive, comma-separated, such as reply.*; all when not said.',
      },
    },
    run: async (options) => (await import('./listen.ts')).listenCommand(options),
  }),
  command({
    name: 'events publish',
    arguments: ['TYPE'],
    summary: 'Publish an event through a running server.',
    options: {
      ...server,
      data: { value: 'JSON', description: "The event's data: JSON, @file, or - for standard input; {} when not said." },
      'idempotency-key': {
        value: 'KEY',
        description: 'A repeated call with the same key publishes once; a new key when not said.',
      },
      json,
    },
    run: async (options, type) => (await import('./publish.ts')).publishCommand(options, type),
  }),
  command({
    name: 'orgs create',
    arguments: ['SLUG'],
    summary: 'Create an organization.',
    options: {
      plan: {
        value: 'PLAN',
        description: 'free, starter, growth, scale, enterprise or unlimited, which is taken when not said.',
      },
      'alert-email': {
        value: 'ADDRESS',
        description: 'Where alerts about it are mailed, such as that an endpoint was disabled.',
      },
      json,
    },
    run: async (options, slug) => (await import('./organizations.ts')).createOrganizationCommand(options, slug),
  }),
  command({
    name: 'orgs list',
    arguments: [],
    summary: 'List the organizations.',
    options: { json },
    run: async (options) => (await import('./organizations.ts')).listOrganizationsCommand(options),
  }),
  command({
    name: 'orgs set-plan',
    arguments: ['SLUG', 'PLAN'],
    summary: 'Put an organization on another plan; running servers know at once.',
    options: {},
    run: async (_options, slug, plan) => (await import('./organizations.ts')).setPlanCommand(slug, plan),
  }),
  command({
    name: 'keys create',
    arguments: [],
    summary: 'Create an API key and print it on stdout: the only time it is shown.',
    options: {
      org: { value: 'SLUG', description: 'The organization it is for.', required: true },
      scopes: {
        value: 'LIST',
        description: 'What it may do, comma-separated, such as events:write,webhooks:read; * when not said.',
      },
      workspace: { value: 'NAME', description: 'The one workspace it sees, by name or id; all when not said.' },
      sandbox: { description: "A key of the organization's sandbox, which is made with its first key." },
      expires: { value: 'TIME', description: 'When it ends, such as 90d, 12h or 30m from now; never when not said.' },
      name: { value: 'NAME', description: 'To tell keys apart by.' },
      json,
    },
    run: async (options) => (await import('./keys.ts')).createKeyCommand(options),
  }),
  command({
    name: 'keys list',
    arguments: [],
    summary: 'List the API keys, by their first characters.',
    options: {
      org: { value: 'SLUG', description: 'Of this organization and its sandbox only.' },
      revoked: { description: 'Also those that were revoked.' },
      json,
    },
    run: async (options) => (await import('./keys.ts')).listKeysCommand(options),
  }),
  command({
    name: 'keys revoke',
    arguments: ['ID'],
    summary: 'End an API key, at once and on every process.',
    options: {},
    run: async (_options, id) => (await import('./keys.ts')).revokeKeyCommand(id),
  }),
  command({
    name: 'migrate',
    arguments: [],
    summary: 'Bring the database up to date without starting the server.',
    options: {},
    run: async () => (await import('./migrate.ts')).migrateCommand(),
  }),
  command({
    name: 'backup',
    arguments: ['FILE'],
    summary: 'Save the whole database to a new file, also while servers run.',
    details:
      'The file holds one moment of all tables, compressed, with a checksum, for any PostgreSQL from 15 on, embedded or not. Secrets in it stay sealed with the master key.',
    options: {
      'passphrase-file': {
        value: 'FILE',
        description: 'Include the master key, encrypted with the passphrase in this file.',
      },
    },
    run: async (options, path) => (await import('./backup.ts')).backupCommand(options, path),
  }),
  command({
    name: 'restore',
    arguments: ['FILE'],
    summary: 'Restore a backup into an empty data folder or an empty database, and bring it up to date.',
    details:
      'Needs the master key of the backup: from the file by its passphrase, in OUTRIDER_MASTER_KEY, or in the data folder.\nIt is restored whole or not at all.',
    options: {
      'passphrase-file': { value: 'FILE', description: 'The passphrase with which the master key was included.' },
    },
    run: async (options, path) => (await import('./backup.ts')).restoreCommand(options, path),
  }),
  command({
    name: 'rotate-master-key',
    arguments: [],
    summary: 'Replace the master key, while no server runs.',
    details:
      'With the key in the data folder, the new one takes its place and the old one is kept beside it. With OUTRIDER_MASTER_KEY, the new value is printed.\nThe secrets themselves stay sealed as they are: only the data key of each organization is wrapped anew. A rotation that broke off is finished by the same command.',
    options: {
      'new-key-file': {
        value: 'FILE',
        description: 'Take the new key from this file (32 bytes in base64); made when not said.',
      },
    },
    run: async (options) => (await import('./rotate-master-key.ts')).rotateMasterKeyCommand(options),
  }),
  command({
    name: 'doctor',
    arguments: [],
    summary: 'Examine this installation and say what to do; exit code 1 when something fails.',
    options: { json },
    run: async (options) => (await import('./doctor.ts')).doctorCommand(options),
  }),
];
