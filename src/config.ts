import { OperatorError } from './errors.ts';

/** One setting: everything the parser, `--help` and docs/configuration.md know of it. */
interface Setting<T> {
  readonly variable: string;
  readonly type: string;
  /** As it would be written in the environment; undefined: not set. */
  readonly default: string | undefined;
  readonly description: string;
  readonly secret?: boolean;
  /** Answers the value, or throws an Error whose message says what is expected. */
  readonly parse: (text: string) => T;
}

const setting = <T>(definition: Setting<T>): Setting<T> => definition;

const integer =
  (min: number, max: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) throw new Error(`expected a whole number from ${min} to ${max}`);
    return value;
  };

const boolean = (text: string): boolean => {
  if (/^(1|true|yes|on)$/i.test(text)) return true;
  if (/^(0|false|no|off)$/i.test(text)) return false;
  throw new Error('expected true or false');
};

const url =
  (...protocols: readonly string[]) =>
  (text: string): string => {
    if (!URL.canParse(text) || !protocols.includes(new URL(text).protocol))
      throw new Error(`expected a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`);
    return text;
  };

export const roles = ['api', 'engine'] as const;
export type Role = (typeof roles)[number];

export function parseRoles(text: string): readonly Role[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const unknown = names.find((name) => !(roles as readonly string[]).includes(name));
  if (unknown !== undefined || names.length === 0) throw new Error(`expected a comma-separated list of ${roles.join(', ')}`);
  return roles.filter((role) => names.includes(role));
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

export const settings = {
  port: setting({
    variable: 'OUTRIDER_PORT',
    type: 'port',
    default: '8080',
    description: 'Port of the HTTP server, of every process whatever its roles; 0 takes a free one.',
    parse: integer(0, 65_535),
  }),
  host: setting({ variable: 'OUTRIDER_HOST', type: 'address', default: '0.0.0.0', description: 'Address the HTTP server listens on.', parse: (text) => text }),
  dataDir: setting({
    variable: 'OUTRIDER_DATA_DIR',
    type: 'path',
    default: './data',
    description: 'Folder of the embedded database and the generated master key.',
    parse: (text) => text,
  }),
  databaseUrl: setting({
    variable: 'DATABASE_URL',
    type: 'URL',
    default: undefined,
    secret: true,
    description: 'PostgreSQL to use (15 or newer). Not set: the embedded one, in the data folder.',
    parse: url('postgres:', 'postgresql:'),
  }),
  databaseConnections: setting({
    variable: 'OUTRIDER_DATABASE_CONNECTIONS',
    type: 'number',
    default: '10',
    description: 'Most connections one process opens to PostgreSQL.',
    parse: integer(4, 200),
  }),
  masterKey: setting({
    variable: 'OUTRIDER_MASTER_KEY',
    type: '32 bytes, base64',
    default: undefined,
    secret: true,
    description:
      "Wraps every organization's data key. Not set: generated on the first start into the data folder, mode 0600. Make one with `openssl rand -base64 32`.",
    parse: (text) => {
      if (Buffer.from(text, 'base64').length !== 32) throw new Error('expected 32 bytes in base64, such as `openssl rand -base64 32` prints');
      return text;
    },
  }),
  publicUrl: setting({
    variable: 'OUTRIDER_PUBLIC_URL',
    type: 'URL',
    default: undefined,
    description: 'Where callers reach this installation; used in the API document and in alerts. Not set: http://localhost and the port.',
    parse: (text) => url('http:', 'https:')(text).replace(/\/+$/, ''),
  }),
  bootstrapKey: setting({
    variable: 'OUTRIDER_BOOTSTRAP_KEY',
    type: 'otr_… key',
    default: undefined,
    secret: true,
    description: 'API key of the organization `default`, for automation: created on the start if it is absent. 32 characters or more.',
    parse: (text) => {
      if (!/^otr_[A-Za-z0-9_-]{28,200}$/.test(text))
        throw new Error('expected a string of 32 characters or more that begins with otr_ and has letters, digits, _ and - only');
      return text;
    },
  }),
  egressAllow: setting({
    variable: 'OUTRIDER_EGRESS_ALLOW',
    type: 'CIDRs',
    default: '',
    description: 'Private ranges that deliveries may reach nevertheless, comma-separated, such as 10.1.0.0/16,::1/128.',
    parse: (text) => text,
  }),
  allowHttpEndpoints: setting({
    variable: 'OUTRIDER_ALLOW_HTTP_ENDPOINTS',
    type: 'boolean',
    default: 'false',
    description: 'Accept endpoints without TLS.',
    parse: boolean,
  }),
  trustedProxies: setting({
    variable: 'OUTRIDER_TRUSTED_PROXIES',
    type: 'CIDRs',
    default: '',
    description:
      'Load balancers in front of it, comma-separated, such as 10.0.0.0/8: their X-Forwarded-For says who calls, which counts only for callers without a key.',
    parse: (text) => text,
  }),
  roles: setting({
    variable: 'OUTRIDER_ROLES',
    type: 'list',
    default: 'api,engine',
    description: 'What this process does: api answers callers, engine delivers. Without api only /healthz, /readyz and /metrics are answered.',
    parse: parseRoles,
  }),
  smtpUrl: setting({
    variable: 'OUTRIDER_SMTP_URL',
    type: 'URL',
    default: undefined,
    secret: true,
    description: 'SMTP server for alerts, such as smtps://user:password@mail.example.com. Not set: alerts are logged and kept.',
    parse: url('smtp:', 'smtps:'),
  }),
  smtpFrom: setting({
    variable: 'OUTRIDER_SMTP_FROM',
    type: 'address',
    default: 'Outrider <outrider@localhost>',
    description: 'Sender of alerts.',
    parse: (text) => text,
  }),
  retentionDays: setting({
    variable: 'OUTRIDER_RETENTION_DAYS',
    type: 'days',
    default: '30',
    description: 'How long events, deliveries and attempts are kept.',
    parse: integer(1, 3_650),
  }),
  maxInFlight: setting({
    variable: 'OUTRIDER_MAX_IN_FLIGHT',
    type: 'number',
    default: '512',
    description: 'Deliveries one process sends at the same time, over all endpoints.',
    parse: integer(1, 10_000),
  }),
  shutdownSeconds: setting({
    variable: 'OUTRIDER_SHUTDOWN_SECONDS',
    type: 'seconds',
    default: '20',
    description: 'How long a stopping process waits for deliveries under way; the rest is taken up by their leases.',
    parse: integer(0, 600),
  }),
  logLevel: setting({
    variable: 'OUTRIDER_LOG_LEVEL',
    type: logLevels.join('|'),
    default: 'info',
    description: 'Least level that is logged.',
    parse: (text) => {
      if (!(logLevels as readonly string[]).includes(text)) throw new Error(`expected one of ${logLevels.join(', ')}`);
      return text;
    },
  }),
};

type Parsed<S> = S extends { default: undefined; parse: (text: string) => infer T }
  ? T | undefined
  : S extends { parse: (text: string) => infer T }
    ? T
    : never;
type Optional = 'databaseUrl' | 'masterKey' | 'publicUrl' | 'bootstrapKey' | 'smtpUrl';
export type Config = {
  readonly [Name in keyof typeof settings]: Name extends Optional ? Parsed<(typeof settings)[Name]> | undefined : Parsed<(typeof settings)[Name]>;
};

/**
 * Reads the settings. An empty variable counts as not set.
 * @throws OperatorError naming the first variable with a wrong value, never the value of a secret one.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const entries = Object.entries(settings).map(([name, definition]: [string, Setting<unknown>]) => {
    const given = environment[definition.variable];
    const text = given === undefined || given === '' ? definition.default : given;
    if (text === undefined) return [name, undefined];
    try {
      return [name, definition.parse(text)];
    } catch (cause) {
      const shown = definition.secret === true ? ':' : ` is "${text}":`;
      throw new OperatorError(`${definition.variable}${shown} ${cause instanceof Error ? cause.message : String(cause)}.`);
    }
  });
  const unknown = Object.keys(environment).find(
    (name) => name.startsWith('OUTRIDER_') && !Object.values(settings).some((definition) => definition.variable === name) && !name.startsWith('OUTRIDER_TEST_'),
  );
  if (unknown !== undefined) throw new OperatorError(`${unknown} is not a setting of Outrider. See \`outrider --help\` for all of them.`);
  return Object.fromEntries(entries) as Config;
}

export const publicUrlOf = (config: Pick<Config, 'publicUrl' | 'port'>): string => config.publicUrl ?? `http://localhost:${config.port}`;
