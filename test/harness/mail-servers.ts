/**
 * Debian's Postfix and Dovecot as processes of the test, on ports and folders of their own: nothing of the system's configuration is used.
 * Two domains; what is submitted by SMTP is read by IMAP, and Postfix's delivery reports come back as with any provider.
 */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { appendFile, chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { authority, certificate } from './certificates.ts';
import { eventually } from './clock.ts';
import { freePort } from './sockets.ts';

const postfix = '/usr/lib/postfix/sbin';
const dovecot = '/usr/sbin/dovecot';
const password = 'p4ss wörd';

/** The name in the certificate; tests resolve it to 127.0.0.1. */
export const mailHost = 'mail.test';

/** Why the servers cannot be started here, as the reason of a skipped test; undefined if they can. */
export function mailServersMissing(): string | undefined {
  if (!existsSync(`${postfix}/master`) || !existsSync(dovecot) || !existsSync('/usr/lib/dovecot/lmtp'))
    return 'needs Debian’s postfix, dovecot-imapd and dovecot-lmtpd';
  return process.getuid?.() === 0 ? undefined : 'needs root, as Postfix and Dovecot do';
}

/** Why nobody can be away here, as the reason of a skipped test; undefined if Dovecot has Sieve. */
export const sieveMissing = (): string | undefined =>
  existsSync('/usr/lib/dovecot/modules/lib90_sieve_plugin.so') ? undefined : 'needs Debian’s dovecot-sieve';

export interface MailServersOptions {
  /** Their messages are filed in Sent by the server, as some providers do. */
  readonly filesSentOf?: readonly string[];
  /** Account → what Dovecot answers for it once (RFC 5230). Check `sieveMissing()` first. */
  readonly away?: Readonly<Record<string, string>>;
}

/**
 * Accounts: `alice@one.test`, `carol@one.test`, `bob@two.test`, `dave@two.test`; `full@two.test` has no room. `gone@two.test` is accepted and then
 * bounces, any other address of the two domains is refused, and messages to other domains bounce.
 */
export interface MailServers {
  readonly password: string;
  /** PEM of the authority that signed the certificate of `mailHost`. */
  readonly ca: string;
  /** Ports of submission, which needs a login. A login may send from its own address only. */
  readonly submission: { readonly tls: number; readonly starttls: number; readonly plain: number };
  /** Takes messages for the two domains without a login, as from other servers. */
  readonly inbound: number;
  readonly imap: { readonly tls: number; readonly plain: number };
  /** Puts messages into the INBOX of an account, as they are and without SMTP. */
  fill(account: string, messages: Iterable<string>): Promise<void>;
  /** What both servers logged. */
  log(): Promise<string>;
  stop(): Promise<void>;
}

/** The user and group `nobody`, who owns the mail. */
const mailId = 65_534;
const accounts = ['alice@one.test', 'carol@one.test', 'bob@two.test', 'dave@two.test', 'full@two.test'];

/** @throws Error with the servers' log if they do not start. Check `mailServersMissing()` first. */
export async function startMailServers({ filesSentOf = [], away = {} }: MailServersOptions = {}): Promise<MailServers> {
  const folder = await mkdtemp(join(tmpdir(), 'outrider-mail-'));
  await chmod(folder, 0o755);
  const issuer = await authority('Test mail CA');
  const { cert, private: key } = await certificate(mailHost, issuer);
  await writeFile(join(folder, 'cert.pem'), cert);
  await writeFile(join(folder, 'key.pem'), key, { mode: 0o600 });
  const ports = await freePorts();
  await prepareDovecot(folder, ports);
  if (Object.keys(away).length > 0) await prepareSieve(folder, ports, away);
  await preparePostfix(folder, ports, filesSentOf);
  // Postfix's master ends its process group.
  const children = [
    spawn(dovecot, ['-F', '-c', join(folder, 'dovecot.conf')], { stdio: 'ignore' }),
    spawn(join(postfix, 'master'), ['-c', join(folder, 'postfix'), '-d'], { stdio: 'ignore', detached: true }),
  ];
  const abandon = (): void => children.forEach((child) => child.kill('SIGTERM'));
  process.once('exit', abandon);
  const log = async (): Promise<string> =>
    (
      await Promise.all(
        ['dovecot.log', 'postfix.log'].map((name) => readFile(join(folder, name), 'utf8').catch(() => '')),
      )
    ).join('\n');
  const stop = async (): Promise<void> => {
    process.off('exit', abandon);
    await Promise.all(children.map(ended));
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    for (const port of Object.values(ports))
      await eventually(() => {
        if (children.some(({ exitCode }) => exitCode !== null)) throw new Error('a mail server exited');
        return accepts(port);
      }, `a mail server listens on port ${port}`);
  } catch (error) {
    const logged = await log();
    await stop();
    throw new Error(`The mail servers did not start: ${logged}`, { cause: error });
  }
  return {
    password,
    ca: issuer.cert,
    submission: { tls: ports.tls, starttls: ports.starttls, plain: ports.plain },
    inbound: ports.inbound,
    imap: { tls: ports.imaps, plain: ports.imap },
    fill: (account, messages) => fill(join(folder, 'mail', account, 'Maildir'), messages),
    log,
    stop,
  };
}

const portNames = ['tls', 'starttls', 'plain', 'inbound', 'imaps', 'imap'] as const;
type Ports = Readonly<Record<(typeof portNames)[number], number>>;

async function freePorts(): Promise<Ports> {
  const ports = await Promise.all(portNames.map(async (name) => [name, await freePort()] as const));
  return Object.fromEntries(ports) as Ports;
}

async function fill(maildir: string, messages: Iterable<string>): Promise<void> {
  for (const path of ['', 'new', 'cur', 'tmp']) {
    await mkdir(join(maildir, path), { recursive: true });
    await chown(join(maildir, path), mailId, mailId);
  }
  let number = 0;
  for (const message of messages) {
    const file = join(maildir, 'new', `${Math.floor(Date.now() / 1_000)}.M${process.hrtime.bigint()}P${number++}.test`);
    await writeFile(file, message);
    await chown(file, mailId, mailId);
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const end = once(child, 'exit');
  child.kill('SIGTERM');
  await end;
}

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.on('error', () => resolve(false)).once('connect', () => socket.destroy());
  });

function idOf(flag: '-u' | '-g', name: string): number {
  const { stdout } = spawnSync('id', [flag, name], { encoding: 'utf8' });
  return Number(stdout);
}

async function prepareDovecot(folder: string, { imap, imaps }: Ports): Promise<void> {
  const mail = join(folder, 'mail');
  await mkdir(mail);
  await chown(mail, mailId, mailId);
  const quota = (name: string): string => (name.startsWith('full@') ? 'userdb_quota_rule=*:bytes=1' : '');
  await writeFile(
    join(folder, 'users'),
    accounts
      .map((name) => `${name}:{PLAIN}${password}:${mailId}:${mailId}::${mail}/${name}::${quota(name)}\n`)
      .join(''),
    { mode: 0o644 },
  );
  const roles = { Sent: 'Sent', Drafts: 'Drafts', Junk: 'Junk', Trash: 'Trash', Archive: 'Archive' };
  await writeFile(
    join(folder, 'dovecot.conf'),
    `
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = yes
ssl_cert = <${folder}/cert.pem
ssl_key = <${folder}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
first_valid_uid = ${mailId}
first_valid_gid = ${mailId}
mail_location = maildir:~/Maildir
mail_plugins = quota
recipient_delimiter = +
lmtp_save_to_detail_mailbox = yes
plugin {
  quota = count:User quota
  quota_vsizes = yes
}
passdb {
  driver = passwd-file
  args = username_format=%u ${folder}/users
}
userdb {
  driver = passwd-file
  args = username_format=%u ${folder}/users
}
namespace inbox {
  inbox = yes
  separator = /
${Object.entries(roles)
  .map(([name, role]) => `  mailbox ${name} {\n    special_use = \\${role}\n    auto = subscribe\n  }`)
  .join('\n')}
}
service imap-login {
  inet_listener imap {
    port = ${imap}
  }
  inet_listener imaps {
    port = ${imaps}
    ssl = yes
  }
}
service auth {
  unix_listener ${folder}/auth {
    mode = 0666
  }
}
service lmtp {
  unix_listener ${folder}/lmtp {
    mode = 0666
  }
}
# No delay after failed logins.
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
`,
  );
}

/** Automatic answers leave by the port for messages from other servers. */
async function prepareSieve(folder: string, { inbound }: Ports, away: Readonly<Record<string, string>>): Promise<void> {
  const scripts = join(folder, 'sieve');
  await mkdir(scripts);
  for (const [account, answer] of Object.entries(away))
    await writeFile(
      join(scripts, `${account}.sieve`),
      `require "vacation";\nvacation :subject "Out of office" "${answer.replaceAll(/["\\]/g, String.raw`\$&`)}";\n`,
    );
  // Dovecot compiles them there.
  await chown(scripts, mailId, mailId);
  await appendFile(
    join(folder, 'dovecot.conf'),
    `
protocol lmtp {
  mail_plugins = $mail_plugins sieve
}
submission_host = 127.0.0.1:${inbound}
plugin {
  sieve = file:${scripts}/%u.sieve
}
`,
  );
}

async function preparePostfix(folder: string, ports: Ports, filesSentOf: readonly string[]): Promise<void> {
  const settings = join(folder, 'postfix');
  await mkdir(settings);
  await makeQueue(folder);
  const [gone, table] = ['gone@two.test', (name: string) => `texthash:${settings}/${name}`];
  await writeFile(join(settings, 'recipients'), [...accounts, gone].map((name) => `${name} ok\n`).join(''));
  await writeFile(join(settings, 'logins'), accounts.map((name) => `${name} ${name}\n`).join(''));
  const copies = filesSentOf.map((name) => `${name} ${name.replace('@', '+Sent@')}\n`);
  await writeFile(join(settings, 'copies'), copies.join(''));
  await writeFile(
    join(settings, 'main.cf'),
    `
compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
daemon_directory = ${postfix}
command_directory = /usr/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = ${folder}/postfix.log
maillog_file_prefixes = ${folder}
inet_protocols = ipv4
inet_interfaces = 127.0.0.1
myhostname = ${mailHost}
mydestination =
mynetworks =
alias_maps =
local_recipient_maps =
recipient_delimiter = +
virtual_mailbox_domains = one.test, two.test
virtual_mailbox_maps = ${table('recipients')}
virtual_transport = lmtp:unix:${folder}/lmtp
default_transport = error:5.1.2 Host or domain name not found
sender_bcc_maps = ${table('copies')}
smtpd_sender_login_maps = ${table('logins')}
smtpd_tls_cert_file = ${folder}/cert.pem
smtpd_tls_key_file = ${folder}/key.pem
smtpd_sasl_type = dovecot
smtpd_sasl_path = ${folder}/auth
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_client_connection_rate_limit = 0
smtpd_client_connection_count_limit = 0
smtpd_error_sleep_time = 0
smtpd_peername_lookup = no
smtp_dns_support_level = disabled
biff = no
`,
  );
  const login = [
    'smtpd_sasl_auth_enable=yes',
    'smtpd_sender_restrictions=reject_sender_login_mismatch',
    'smtpd_recipient_restrictions=permit_sasl_authenticated,reject',
  ];
  const listener = (port: number, ...options: readonly string[]): string =>
    [`127.0.0.1:${port} inet n - n - - smtpd`, ...options.map((option) => `  -o ${option}`)].join('\n');
  const inner = (name: string, privacy: 'private' | 'public', wakeup: string, processes: string, command: string) =>
    `${name} unix ${privacy === 'private' ? '-' : 'n'} - n ${wakeup} ${processes} ${command}`;
  await writeFile(
    join(settings, 'master.cf'),
    [
      listener(ports.tls, 'smtpd_tls_wrappermode=yes', ...login),
      listener(ports.starttls, 'smtpd_tls_security_level=encrypt', ...login),
      listener(ports.plain, ...login),
      listener(ports.inbound),
      'postlog unix-dgram n - n - 1 postlogd',
      inner('cleanup', 'public', '-', '0', 'cleanup'),
      inner('qmgr', 'public', '300', '1', 'qmgr'),
      inner('tlsmgr', 'private', '1000?', '1', 'tlsmgr'),
      inner('rewrite', 'private', '-', '-', 'trivial-rewrite'),
      ...['bounce', 'defer', 'trace'].map((name) => inner(name, 'private', '-', '0', 'bounce')),
      inner('verify', 'private', '-', '1', 'verify'),
      inner('flush', 'public', '1000?', '0', 'flush'),
      inner('proxymap', 'private', '-', '-', 'proxymap'),
      inner('error', 'private', '-', '-', 'error'),
      inner('retry', 'private', '-', '-', 'error'),
      inner('lmtp', 'private', '-', '-', 'lmtp'),
      inner('anvil', 'private', '-', '1', 'anvil'),
      inner('scache', 'private', '-', '1', 'scache'),
      '',
    ].join('\n'),
  );
}

/** Creates the folders that Postfix's own scripts would, with their owners (postfix-files). */
async function makeQueue(folder: string): Promise<void> {
  const owner = idOf('-u', 'postfix');
  const [group, dropGroup] = [idOf('-g', 'postfix'), Number(/:(\d+):/.exec(await dropEntry())?.[1])];
  const make = async (path: string, mode: number, uid = owner, gid = group): Promise<void> => {
    await mkdir(join(folder, path), { recursive: true });
    await chown(join(folder, path), uid, gid);
    await chmod(join(folder, path), mode);
  };
  await make('queue', 0o755, 0, 0);
  await make('queue/pid', 0o755, 0, 0);
  for (const name of [
    'active',
    'bounce',
    'corrupt',
    'defer',
    'deferred',
    'flush',
    'hold',
    'incoming',
    'private',
    'saved',
    'trace',
  ])
    await make(`queue/${name}`, 0o700);
  await make('queue/maildrop', 0o1730, owner, dropGroup);
  await make('queue/public', 0o2710, owner, dropGroup);
  await make('data', 0o700);
}

const dropEntry = async (): Promise<string> => /^postdrop:.*$/m.exec(await readFile('/etc/group', 'utf8'))?.[0] ?? '';
