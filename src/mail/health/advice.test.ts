import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dayMs, hourMs } from '../../base/clock.ts';
import { adviceOf } from './advice.ts';
import type { AdviceInput } from './advice.ts';
import { health, newMailbox } from './health.ts';
import type { Band, HealthInput } from './health.ts';

const nowMs = Date.UTC(2026, 0, 31, 12);
const nothing = { sent: 0, bounced: 0, complained: 0, inboxed: 0, spam: 0 };

/** The advice for a mailbox as it is measured. @param before the band that it has had for so long */
function advice(
  days: Partial<typeof nothing>,
  before?: { readonly band: Band; readonly hours: number },
): string | null {
  const input: HealthInput = {
    nowMs,
    days: [{ ...nothing, dayMs: nowMs - (nowMs % dayMs), ...days }],
    authentication: { spf: false, dkim: false, dmarc: false },
    connection: null,
    state:
      before === undefined
        ? newMailbox(nowMs)
        : { band: before.band, sinceMs: nowMs - before.hours * hourMs, countsFromMs: 0 },
  };
  const { state, ...measured } = health(input);
  const rest: Pick<AdviceInput, 'checks' | 'statusReason'> = { checks: undefined, statusReason: null };
  return adviceOf({ ...measured, ...rest, nowMs, sinceMs: state.sinceMs });
}
const unmeasured = (band: Band | null, hours = 1): string | null =>
  adviceOf({
    nowMs,
    band,
    sinceMs: nowMs - hours * hourMs,
    score: null,
    weakest: null,
    parts: [],
    checks: undefined,
    statusReason: null,
  });

test('a mailbox in quarantine or blocked is not told to keep sending, also when nothing counts any more', () => {
  assert.match(unmeasured(null) ?? '', /^Keep sending: a score needs/);
  assert.match(unmeasured('watch') ?? '', /^Keep sending: after 48 hours in this band, 20 messages/);
  assert.equal(
    unmeasured('quarantine'),
    'Send nothing until 2026-02-02T11:00:00.000Z, then a few messages a day: 20 sent in this band decide whether it gets better.',
  );
  assert.match(unmeasured('quarantine', 48) ?? '', /^Send a few messages a day: 20 sent in this band/);
  assert.match(unmeasured('blocked', 48) ?? '', /^Send nothing until the cause is removed\. .*\/warmup\/resume/);
});

test('the advice names what put the mailbox into the band, even if another part costs more points', () => {
  assert.match(
    advice({ sent: 1_000, complained: 6 }) ?? '',
    /^Send nothing until .* Write only to people who expect it, .* 0\.6 % of 1000 messages were reported as spam\.$/,
  );
  assert.match(advice({ sent: 1_000 }, { band: 'quarantine', hours: 1 }) ?? '', /^Send nothing until .* Check the DNS/);
  assert.match(advice({ sent: 1_000 }, { band: 'watch', hours: 1 }) ?? '', /^Check the DNS/);
  assert.match(advice({ inboxed: 4, spam: 16 }) ?? '', /^Send nothing until the cause .* 80 % of 20 messages arrived/);
});
