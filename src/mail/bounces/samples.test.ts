import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseMessage } from '../mime/index.ts';
import { readReport } from './read.ts';
import type { Report } from './types.ts';

// Not part of the repository: they are next to it where they are available.
const folder = fileURLToPath(new URL('../../../../shared/data/mail/bounces', import.meta.url));
const skip = existsSync(`${folder}/expected.json`) ? false : `there are no samples in ${folder}`;

interface Row {
  readonly kind: string;
  readonly recipient?: string;
  readonly reason?: string;
  readonly hard?: boolean | null;
  readonly accept_recipients?: readonly string[];
  readonly accept_reasons?: readonly string[];
  readonly accept_kinds?: readonly string[];
}

async function reportOf(raw: Buffer): Promise<Report | undefined> {
  const message = await parseMessage(raw);
  return 'skipped' in message ? undefined : readReport(message);
}

/** Of the processor, because others may use the machine. */
async function msOf(raw: Buffer): Promise<number> {
  const started = process.cpuUsage();
  await reportOf(raw);
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1_000;
}

/** The same numbers in each run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const lower = (address: string | undefined): string => (address ?? '').toLowerCase();

describe('the samples of bounces', { skip }, () => {
  const expected =
    skip === false ? (JSON.parse(readFileSync(`${folder}/expected.json`, 'utf8')) as Record<string, Row[]>) : {};
  const files = skip === false ? readdirSync(folder).filter((name) => name.endsWith('.eml')) : [];

  test('are read right', async (t) => {
    const count = { rows: 0, recognized: 0, recipient: 0, reason: 0, judged: 0, hard: 0, wronglyHard: 0 };
    const wrong: string[] = [];
    for (const file of files) {
      const report = await reportOf(readFileSync(`${folder}/${file}`));
      for (const row of expected[file] ?? []) {
        const isRight = [row.kind, ...(row.accept_kinds ?? [])].includes(report?.kind ?? '');
        if (row.kind !== 'bounce' && row.kind !== 'complaint') {
          const isTaken = report?.kind === 'bounce' || report?.kind === 'complaint';
          if (isTaken || (row.kind === 'auto_reply' && !isRight)) wrong.push(`${file} is taken for a ${report?.kind}`);
          continue;
        }
        count.rows += 1;
        if (!isRight) continue;
        count.recognized += 1;
        const accepted = [row.recipient, ...(row.accept_recipients ?? [])].map(lower);
        const found = report?.recipients.find(({ address }) => accepted.includes(lower(address)));
        if (found === undefined) continue;
        count.recipient += 1;
        if ([row.reason, '*', ...(row.accept_reasons ?? [])].some((each) => each === found.reason)) count.reason += 1;
        if (row.kind !== 'bounce' || typeof row.hard !== 'boolean') continue;
        count.judged += 1;
        if ((found.verdict === 'hard') === row.hard) count.hard += 1;
        else if (found.verdict === 'hard') count.wronglyHard += 1;
      }
    }
    const share = (part: number, of: number): number => Math.round((1_000 * part) / of) / 10;
    const figures = {
      recognized: share(count.recognized, count.rows),
      recipient: share(count.recipient, count.rows),
      reason: share(count.reason, count.rows),
      hard: share(count.hard, count.judged),
      wronglyHard: share(count.wronglyHard, count.judged),
    };
    t.diagnostic(
      `${files.length} messages: ${Object.entries(figures)
        .map(([name, value]) => `${name} ${value} %`)
        .join(', ')}`,
    );
    assert.deepEqual(wrong, []);
    assert.ok(figures.recognized >= 99 && figures.recipient >= 99, JSON.stringify(figures));
    assert.ok(figures.reason >= 97 && figures.hard >= 98.5 && figures.wronglyHard <= 0.3, JSON.stringify(figures));
  });

  // OUTRIDER_TEST_MAIL_VARIANTS: how many; 10,000 take about half a minute.
  const variants = Number(process.env['OUTRIDER_TEST_MAIL_VARIANTS'] ?? 400);

  test(`${variants} variants, cut and with wrong bytes, are read in time, and what was cut is never hard`, async () => {
    const next = numbers(7);
    const slow: string[] = [];
    const wronglyHard: string[] = [];
    for (let index = 0; index < variants; index += 1) {
      const file = files[index % files.length] ?? '';
      const raw = Buffer.from(readFileSync(`${folder}/${file}`));
      const isCut = index % 2 === 0;
      const cutAt = next(raw.length);
      if (!isCut) for (let times = 1 + next(40); times > 0; times -= 1) raw[next(raw.length)] = next(256);
      const variant = isCut ? raw.subarray(0, cutAt) : raw;
      const report = await reportOf(variant);
      // Twice: the compiler may have been at work.
      if ((await msOf(variant)) > 200 && (await msOf(variant)) > 200) slow.push(`${file} ${isCut ? cutAt : ''}`);
      if (!isCut) continue;
      for (const { address, verdict } of report?.recipients ?? []) {
        const rows = expected[file] ?? [];
        const row = rows.find((each) =>
          [each.recipient, ...(each.accept_recipients ?? [])].map(lower).includes(lower(address)),
        );
        if (verdict === 'hard' && (row === undefined || row.hard === false))
          wronglyHard.push(`${file} ${cutAt} ${address}`);
      }
    }
    assert.deepEqual([slow, wronglyHard], [[], []]);
  });
});
