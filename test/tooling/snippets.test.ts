/** Runs the verification snippets of the documentation, unchanged, against genuine and forged deliveries, in the languages installed on this machine. */
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
/** Dialects whose signature covers the time of sending, and whose header can list signatures by two secrets. */
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
  const forged = (what: string, sent: { headers: Record<string, string>; body: Buffer }, by = secret): Case => ({
    ...genuine(what, sent, by),
    genuine: false,
  });
  const own =
    dialect === 'mailpanda' ? 'pässword' : dialect === 'standard' ? newSecret() : 'correct horse battery staple';
  return [
    genuine('an unchanged delivery', one),
    genuine(
      'data with control characters, quotes, CJK and emoji',
      delivered(dialect, { secret, data: JSON.stringify({ message: '\u0000\u2028"\\/ 日本語 🦊' }) }),
    ),
    genuine("a caller's own secret", delivered(dialect, { secret: own }), own),
    genuine('a rotation, verified with the new secret', rotating),
    timed.has(dialect)
      ? genuine('a rotation, verified with the old secret', rotating, other)
      : forged('a rotation, verified with the old secret: the header has a single signature', rotating, other),
    forged('a changed body', { ...one, body: Buffer.concat([one.body, Buffer.from(' ')]) }),
    forged('an empty body', { ...one, body: Buffer.alloc(0) }),
    forged('another secret', one, other),
    forged(
      'the signature of another delivery',
      signed(delivered(dialect, { secret, data: '{"message":""}' }).headers[header] ?? ''),
    ),
    forged('a shorter signature', signed(signature.slice(0, -1))),
    forged('a longer signature', signed(`${signature}0`)),
    forged('an empty signature', signed('')),
    forged('a signature with non-ASCII characters', signed(`${signature.slice(0, -1)}é`)),
    forged('no signature', { ...one, headers: unsigned }),
    ...(timed.has(dialect) ? timedCases(dialect, secret, forged) : []),
  ];
}

function timedCases(
  dialect: DialectName,
  secret: string,
  forged: (what: string, sent: { headers: Record<string, string>; body: Buffer }) => Case,
): readonly Case[] {
  const nowMs = Date.now();
  const one = delivered(dialect, { secret });
  const header = dialect === 'standard' ? 'webhook-timestamp' : 'x-warmy-signature';
  const at = (time: string) => ({
    ...one,
    headers: { ...one.headers, [header]: (one.headers[header] ?? '').replace(/(?<=^(t=)?)\d+/, time) },
  });
  return [
    forged('sent six minutes ago', delivered(dialect, { secret, nowMs: nowMs - 360_000 })),
    forged('sent six minutes in the future', delivered(dialect, { secret, nowMs: nowMs + 360_000 })),
    forged(
      'a time other than the signed one',
      at(String(dialect === 'standard' ? Math.floor(nowMs / 1_000) - 7 : nowMs - 7_000)),
    ),
    forged('a malformed time', at('soon')),
    forged('no time', at('')),
  ];
}

const cases = dialectNames.flatMap(casesOf);

const assertVerdicts = (verdicts: readonly boolean[]): void => {
  assert.equal(verdicts.length, cases.length);
  for (const [index, { dialect, what, genuine }] of cases.entries())
    assert.equal(verdicts[index], genuine, `${dialect}: ${what}`);
};

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Runs all cases in one process. @throws AssertionError with its stderr when it fails. */
function verdictsOf(command: string, args: readonly string[]): boolean[] {
  const input = JSON.stringify(cases.map((each) => ({ ...each, body: each.body.toString('base64') })));
  const { status, stdout, stderr } = spawnSync(command, args, { input, encoding: 'utf8', timeout: 200_000 });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as boolean[];
}

/** Why a language is skipped; false when it is installed. */
const missing = (command: string, ...args: readonly string[]): string | false =>
  spawnSync(command, args, { stdio: 'ignore', timeout: 60_000 }).status === 0 ? false : `${command} is not installed`;

describe('the verification snippets', () => {
  test('TypeScript accepts genuine deliveries and rejects forged ones', () => {
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
    assertVerdicts(cases.map(({ dialect, secret, headers, body }) => verifiers[dialect](secret, headers, body)));
  });

  test('Python accepts genuine deliveries and rejects forged ones', { skip: missing('python3', '--version') }, () => {
    assertVerdicts(verdictsOf('python3', [folder('snippets/run.py'), folder('../../docs/snippets/python')]));
  });

  test('PHP accepts genuine deliveries and rejects forged ones', { skip: missing('php', '--version') }, () => {
    assertVerdicts(verdictsOf('php', [folder('snippets/run.php'), folder('../../docs/snippets/php')]));
  });

  test('Go accepts genuine deliveries and rejects forged ones', { skip: missing('go', 'version') }, async () => {
    const module = await mkdtemp(join(tmpdir(), 'outrider-snippets-'));
    try {
      await writeFile(join(module, 'go.mod'), 'module snippets\n\ngo 1.21\n');
      await cp(folder('snippets/main.go'), join(module, 'main.go'));
      await cp(folder('../../docs/snippets/go'), join(module, 'webhook'), { recursive: true });
      const built = spawnSync('go', ['build', '-o', 'verify', '.'], {
        cwd: module,
        encoding: 'utf8',
        timeout: 200_000,
      });
      assert.equal(built.status, 0, built.stderr);
      assertVerdicts(verdictsOf(join(module, 'verify'), []));
    } finally {
      await rm(module, { recursive: true, force: true });
    }
  });
});
