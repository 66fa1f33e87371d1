/** The verification snippets of the documentation, run as they stand against genuine and false deliveries, in the languages this machine has. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { verifyDefrost } from '../../docs/snippets/typescript/defrost.ts';
import { verifyDriftwood } from '../../docs/snippets/typescript/driftwood.ts';
import { verifyFoxReach } from '../../docs/snippets/typescript/foxreach.ts';
import { verifyMailPanda } from '../../docs/snippets/typescript/mailpanda.ts';
import { verifyStandard } from '../../docs/snippets/typescript/standard.ts';
import { verifyWarmySender } from '../../docs/snippets/typescript/warmysender.ts';
import { headersOf, signedAttempt } from '../../src/delivery/attempt.ts';
import { signingSecret } from '../../src/delivery/sign.ts';
import { dialectNames, dialects, type DialectName } from '../../src/vendors/wires.ts';
import { endpointOf, itemOf } from '../harness/deliveries.ts';

interface Case {
  readonly what: string;
  readonly genuine: boolean;
  readonly dialect: DialectName;
  readonly secret: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const signatureHeaders: Readonly<Record<DialectName, string>> = {
  defrost: 'x-defrost-signature',
  standard: 'webhook-signature',
  foxreach: 'x-webhook-signature',
  mailpanda: 'x-webhook-signature',
  warmysender: 'x-warmy-signature',
  driftwood: 'x-driftwood-signature',
};
/** Signed with their time, in seconds or milliseconds, and in a list that has room for a second secret. */
const timed: ReadonlySet<DialectName> = new Set(['standard', 'warmysender']);

interface Sent {
  readonly secret: string;
  readonly previous?: string;
  readonly data?: string;
  readonly nowMs?: number;
}

function delivered(dialect: DialectName, { secret, previous, data = '{"message":"Zoë"}', nowMs = Date.now() }: Sent) {
  const previousSecret =
    previous === undefined
      ? undefined
      : { secret: signingSecret(previous), expiresAtMs: nowMs + 60_000, signsAlone: false };
  const endpoint = endpointOf({ wire: dialects[dialect], secret: signingSecret(secret), previousSecret });
  const attempt = signedAttempt(
    endpoint,
    itemOf(endpoint, 0, { type: 'webhook.test', data: Buffer.from(data) }),
    nowMs,
  );
  return { headers: headersOf(endpoint, attempt), body: attempt.body };
}

function casesOf(dialect: DialectName): Case[] {
  const { newSecret } = dialects[dialect];
  const [secret, other] = [newSecret(), newSecret()];
  const one = delivered(dialect, { secret });
  const header = signatureHeaders[dialect];
  const signature = one.headers[header] ?? '';
  const { [header]: _, ...unsigned } = one.headers;
  const signed = (value: string) => ({ ...one, headers: { ...one.headers, [header]: value } });
  const rotating = delivered(dialect, { secret, previous: other });
  const genuine = (what: string, sent: { headers: Record<string, string>; body: Buffer }, by = secret): Case => ({
    what,
    genuine: true,
    dialect,
    secret: by,
    ...sent,
  });
  const false_ = (what: string, sent: { headers: Record<string, string>; body: Buffer }, by = secret): Case => ({
    ...genuine(what, sent, by),
    genuine: false,
  });
  const own =
    dialect === 'mailpanda' ? 'pässword' : dialect === 'standard' ? newSecret() : 'correct horse battery staple';
  return [
    genuine('as it was sent', one),
    genuine(
      'data of every kind of character',
      delivered(dialect, { secret, data: JSON.stringify({ message: '\u0000\u2028"\\/ 日本語 🦊' }) }),
    ),
    genuine("a caller's own secret", delivered(dialect, { secret: own }), own),
    genuine('a rotation, by the new secret', rotating),
    timed.has(dialect)
      ? genuine('a rotation, by the old secret', rotating, other)
      : false_('a rotation, by the old secret: the header has room for one', rotating, other),
    false_('a changed body', { ...one, body: Buffer.concat([one.body, Buffer.from(' ')]) }),
    false_('an empty body', { ...one, body: Buffer.alloc(0) }),
    false_('another secret', one, other),
    false_(
      'the signature of another delivery',
      signed(delivered(dialect, { secret, data: '{"message":""}' }).headers[header] ?? ''),
    ),
    false_('a shorter signature', signed(signature.slice(0, -1))),
    false_('a longer signature', signed(`${signature}0`)),
    false_('an empty signature', signed('')),
    false_('a signature of strange characters', signed(`${signature.slice(0, -1)}é`)),
    false_('no signature', { ...one, headers: unsigned }),
    ...(timed.has(dialect) ? timedCases(dialect, secret, false_) : []),
  ];
}

function timedCases(
  dialect: DialectName,
  secret: string,
  false_: (what: string, sent: { headers: Record<string, string>; body: Buffer }) => Case,
): readonly Case[] {
  const nowMs = Date.now();
  const one = delivered(dialect, { secret });
  const header = dialect === 'standard' ? 'webhook-timestamp' : 'x-warmy-signature';
  const at = (time: string) => ({
    ...one,
    headers: { ...one.headers, [header]: (one.headers[header] ?? '').replace(/(?<=^(t=)?)\d+/, time) },
  });
  return [
    false_('sent six minutes ago, and again now', delivered(dialect, { secret, nowMs: nowMs - 360_000 })),
    false_('sent in six minutes', delivered(dialect, { secret, nowMs: nowMs + 360_000 })),
    false_(
      'another time than the signed one',
      at(String(dialect === 'standard' ? Math.floor(nowMs / 1_000) - 7 : nowMs - 7_000)),
    ),
    false_('a time that is none', at('soon')),
    false_('no time', at('')),
  ];
}

const cases = dialectNames.flatMap(casesOf);

const judge = (verdicts: readonly boolean[]): void => {
  assert.equal(verdicts.length, cases.length);
  for (const [index, { dialect, what, genuine }] of cases.entries())
    assert.equal(verdicts[index], genuine, `${dialect}: ${what}`);
};

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** All cases in one process. @throws AssertionError with what it printed when it fails. */
function verdictsOf(command: string, args: readonly string[]): boolean[] {
  const input = JSON.stringify(cases.map((each) => ({ ...each, body: each.body.toString('base64') })));
  const { status, stdout, stderr } = spawnSync(command, args, { input, encoding: 'utf8', timeout: 60_000 });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as boolean[];
}

/** Why a language is left out; false when it is not. */
const missing = (command: string, ...args: readonly string[]): string | false =>
  spawnSync(command, args, { stdio: 'ignore', timeout: 20_000 }).status === 0
    ? false
    : `there is no ${command} on this machine`;

describe('the verification snippets', () => {
  test('TypeScript', () => {
    const verifiers: Readonly<
      Record<DialectName, (secret: string, headers: IncomingHttpHeaders, rawBody: Buffer) => boolean>
    > = {
      defrost: verifyDefrost,
      standard: verifyStandard,
      foxreach: verifyFoxReach,
      mailpanda: verifyMailPanda,
      warmysender: verifyWarmySender,
      driftwood: verifyDriftwood,
    };
    judge(cases.map(({ dialect, secret, headers, body }) => verifiers[dialect](secret, headers, body)));
  });

  test('Python', { skip: missing('python3', '--version') }, () => {
    judge(verdictsOf('python3', [folder('snippets/run.py'), folder('../docs/snippets/python')]));
  });

  test('PHP', { skip: missing('php', '--version') }, () => {
    judge(verdictsOf('php', [folder('snippets/run.php'), folder('../docs/snippets/php')]));
  });

  test('Go', { skip: missing('go', 'version') }, async () => {
    const module = await mkdtemp(join(tmpdir(), 'outrider-snippets-'));
    try {
      await writeFile(join(module, 'go.mod'), 'module snippets\n\ngo 1.21\n');
      await cp(folder('snippets/main.go'), join(module, 'main.go'));
      await cp(folder('../docs/snippets/go'), join(module, 'webhook'), { recursive: true });
      const built = spawnSync('go', ['build', '-o', 'verify', '.'], {
        cwd: module,
        encoding: 'utf8',
        timeout: 100_000,
      });
      assert.equal(built.status, 0, built.stderr);
      judge(verdictsOf(join(module, 'verify'), []));
    } finally {
      await rm(module, { recursive: true, force: true });
    }
  });
});
