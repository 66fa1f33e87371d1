import { command } from './command.ts';
import type { Command } from './command.ts';

const json = { description: 'Print only JSON on stdout.' };
const server = {
  url: {
    value: 'URL',
    description: 'The server to call; default: OUTRIDER_URL, or http://localhost with OUTRIDER_PORT.',
  },
  key: {
    value: 'KEY',
    description: "The API key; default: OUTRIDER_KEY, or on the server's machine a temporary key.",
  },
  org: { value: 'SLUG', description: 'The organization of the temporary key; default: `default`.' },
};
const serving = {
  processes: { value: 'N', description: 'Run N processes that share the port; default: 1.' },
  roles: { value: 'LIST', description: 'Roles of the processes, such as api,mail; overrides OUTRIDER_ROLES.' },
};

/** The code of a command is loaded when it runs, so that `--help` stays fast. */
export const commands: readonly Command[] = [
  command({
    name: 'serve',
    arguments: [],
    summary: 'Run the server, with an embedded database unless DATABASE_URL is set.',
    details:
      'Migrates the database first. The first start creates the organization `default` and prints its first API key on stdout, once.\nSIGTERM or Ctrl-C stops the server after the deliveries in flight; a second Ctrl-C stops it immediately.',
    options: serving,
    run: async (options) => (await import('./serve.ts')).serveCommand('serve', options),
  }),
  command({
    name: 'dev',
    arguments: [],
    summary: 'Like serve, for development: allows endpoints on this machine (localhost) and without TLS.',
    options: serving,
    run: async (options) => (await import('./serve.ts')).serveCommand('dev', options),
  }),
  command({
    name: 'demo',
    arguments: [],
    summary:
      'Run a campaign with simulated recipients in a temporary folder, and deliver its events to a small receiver.',
    options: {
      warmup: { description: 'Show thirty days of two mailboxes that warm up instead, with their health.' },
      webhooks: { description: 'Publish and deliver events instead, and report rate and latency.' },
      events: { value: 'N', description: 'With --webhooks: number of events; default: 1000.' },
    },
    run: async (options) => (await import('./demo.ts')).demoCommand(options),
  }),
  command({
    name: 'listen',
    arguments: [],
    summary: 'Receive deliveries on this machine through a temporary endpoint that is removed on exit.',
    options: {
      ...server,
      forward: { value: 'URL', description: 'Forward each delivery to this URL, such as http://localhost:3000/hook.' },
      events: {
        value: 'LIST',
        description: 'Event types to receive, comma-separated, such as reply.*; default: all.',
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
      data: { value: 'JSON', description: "The event's data: JSON, @file, or - for standard input; default: {}." },
      'idempotency-key': {
        value: 'KEY',
        description: 'Repeated calls with the same key publish once; default: a new key.',
      },
      json,
    },
    run: async (options, type) => (await import('./publish.ts')).publishCommand(options, type),
  }),
  command({
    name: 'invite-owner',
    arguments: [],
    summary: 'Print a token with which a person becomes an owner of an organization.',
    details: 'It works once, within 24 hours, for `POST /v1/invitations/accept`. Anyone who has the token can use it.',
    options: { org: { value: 'SLUG', description: 'The organization; default: `default`.' } },
    run: async (options) => (await import('./organizations.ts')).inviteOwnerCommand(options),
  }),
  command({
    name: 'reset-password',
    arguments: ['EMAIL'],
    summary: 'Print a link with which a person sets a new password.',
    details:
      'It works once, within an hour, and replaces an earlier one. Anyone who has the link can use it; an account with one-time passwords needs one, too.',
    options: {},
    run: async (_options, email) => (await import('./organizations.ts')).resetPasswordCommand(email),
  }),
  command({
    name: 'orgs create',
    arguments: ['SLUG'],
    summary: 'Create an organization.',
    options: {
      plan: {
        value: 'PLAN',
        description: 'free, starter, growth, scale, enterprise or unlimited; default: unlimited.',
      },
      'alert-email': {
        value: 'ADDRESS',
        description: 'Address for alerts, for example about a disabled endpoint.',
      },
      json,
    },
    run: async (options, slug) => (await import('./organizations.ts')).createOrganizationCommand(options, slug),
  }),
  command({
    name: 'orgs list',
    arguments: [],
    summary: 'List organizations.',
    options: { json },
    run: async (options) => (await import('./organizations.ts')).listOrganizationsCommand(options),
  }),
  command({
    name: 'orgs set-plan',
    arguments: ['SLUG', 'PLAN'],
    summary: 'Change the plan of an organization; takes effect on running servers immediately.',
    options: {},
    run: async (_options, slug, plan) => (await import('./organizations.ts')).setPlanCommand(slug, plan),
  }),
  command({
    name: 'keys create',
    arguments: [],
    summary: 'Create an API key and print it on stdout. It is not shown again.',
    options: {
      org: { value: 'SLUG', description: 'The organization of the key.', required: true },
      scopes: {
        value: 'LIST',
        description: 'Scopes, comma-separated, such as events:write,webhooks:read; default: *.',
      },
      workspace: { value: 'NAME', description: 'Bind the key to a workspace, by name or id; default: all workspaces.' },
      sandbox: { description: "Create the key in the organization's sandbox, and the sandbox with its first key." },
      expires: {
        value: 'TIME',
        description: 'When the key expires, such as 90d, 12h or 30m from now; default: never.',
      },
      name: { value: 'NAME', description: 'A name for the key.' },
      json,
    },
    run: async (options) => (await import('./keys.ts')).createKeyCommand(options),
  }),
  command({
    name: 'keys list',
    arguments: [],
    summary: 'List API keys by their first characters.',
    options: {
      org: { value: 'SLUG', description: 'Only keys of this organization and its sandbox.' },
      revoked: { description: 'Include revoked keys.' },
      json,
    },
    run: async (options) => (await import('./keys.ts')).listKeysCommand(options),
  }),
  command({
    name: 'keys revoke',
    arguments: ['ID'],
    summary: 'Revoke an API key, immediately and on every process.',
    options: {},
    run: async (_options, id) => (await import('./keys.ts')).revokeKeyCommand(id),
  }),
  command({
    name: 'migrate',
    arguments: [],
    summary: 'Migrate the database without starting the server.',
    options: {},
    run: async () => (await import('./migrate.ts')).migrateCommand(),
  }),
  command({
    name: 'mail explain',
    arguments: ['FILE'],
    lastRepeats: true,
    summary: 'Print what messages are: bounces, complaints, automatic answers or replies, and what they say.',
    details:
      'Prints one JSON line for each file (RFC 5322; - is standard input): file, kind (bounce, complaint, auto_reply, reply or not_a_bounce) and recipients, each with address, verdict (hard, soft, block, delayed, delivered or null), reason in the words of Sisimai, status and action; for answers also reply, with text, classification, confidence, reasons and return_date. Needs no server and no database.',
    options: { json: { description: 'One JSON line for each message; there is no other format.' } },
    run: async (_options, ...files: string[]) => (await import('./mail-explain.ts')).mailExplainCommand(files),
  }),
  command({
    name: 'mail user-agent',
    arguments: ['USER-AGENT'],
    lastIsOptional: true,
    summary: 'Tell whether a person, a program or a proxy opened or clicked an email.',
    details:
      'Prints one JSON line: {"verdict":"human"|"machine"|"proxy","reasons":[…]}. Without USER-AGENT, reads one from each line of standard input. Needs no server.',
    options: {
      ip: { value: 'ADDRESS', description: 'The address that the request came from.' },
      kind: { value: 'KIND', description: 'open or click; default: not known.' },
      seconds: { value: 'N', description: 'Seconds since the email was accepted; default: not known.' },
    },
    run: async (options, userAgent) => (await import('./user-agent.ts')).userAgentCommand(options, userAgent),
  }),
  command({
    name: 'backup',
    arguments: ['FILE'],
    summary: 'Save the whole database to a new file, even while servers run.',
    details:
      'The file is a consistent snapshot of all tables, compressed, with a checksum, for PostgreSQL 15 or later, embedded or not. Secrets in it stay sealed with the master key.',
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
    summary: 'Restore a backup into an empty data folder or an empty database, and migrate it.',
    details:
      'Needs the master key of the backup: from the file with its passphrase, in OUTRIDER_MASTER_KEY, or in the data folder.\nThe backup is restored completely or not at all.',
    options: {
      'passphrase-file': { value: 'FILE', description: 'The passphrase that the master key was encrypted with.' },
    },
    run: async (options, path) => (await import('./backup.ts')).restoreCommand(options, path),
  }),
  command({
    name: 'rotate-master-key',
    arguments: [],
    summary: 'Replace the master key while no server runs.',
    details:
      'A key in the data folder is replaced, and the old one is kept next to it. With OUTRIDER_MASTER_KEY, the new value is printed.\nSecrets are not sealed again: only the data key of each organization is wrapped with the new key. Run the same command again to finish an interrupted rotation.',
    options: {
      'new-key-file': {
        value: 'FILE',
        description: 'Read the new key from this file (32 bytes in base64); default: a generated key.',
      },
    },
    run: async (options) => (await import('./rotate-master-key.ts')).rotateMasterKeyCommand(options),
  }),
  command({
    name: 'doctor',
    arguments: [],
    summary: 'Check this installation and suggest fixes; exit code 1 if a check fails.',
    options: { json },
    run: async (options) => (await import('./doctor.ts')).doctorCommand(options),
  }),
];
