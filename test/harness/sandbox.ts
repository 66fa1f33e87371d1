/** A sandbox whose clock tests move: mailboxes that send into the capture box, contacts, campaigns. */
import assert from 'node:assert/strict';
import { callerOf } from './caller.ts';
import type { Caller, Fields } from './caller.ts';
import type { Installation } from './installation.ts';

/** All hours of all days. */
export const always = { days: [1, 2, 3, 4, 5, 6, 7], start: '00:00', end: '24:00' } as const;

export interface Sandbox extends Caller {
  /** A mailbox that sends at any hour. @returns its id */
  mailbox(fields?: Fields): Promise<string>;
  /** Creates contacts. @returns their ids, in order */
  contacts(contacts: readonly Fields[]): Promise<string[]>;
  /** All rows of a list that fits into one page. */
  list(path: string): Promise<Fields[]>;
  now(): Promise<number>;
  /** Moves the clock forward, and waits until everything that is due by then was done. */
  advance(ms: number): Promise<void>;
  /** Waits until the campaign has nothing in flight at the present time. */
  settle(): Promise<void>;
  /** The bytes of what was captured for an address, the oldest first. */
  captured(to: string): Promise<string[]>;
}

/** Creates a sandbox in an organization of its own. */
export async function makeSandbox(product: Installation): Promise<Sandbox> {
  const tenant = await product.tenant();
  const { key } = await tenant.got('POST', '/v1/keys', { name: 'trial', sandbox: true });
  const caller = callerOf(tenant.url, String(key));
  const list = async (path: string): Promise<Fields[]> =>
    (await caller.api('GET', `${path}${path.includes('?') ? '&' : '?'}limit=100`)).json.data as Fields[];
  const clock = (): Promise<Fields> => caller.got('GET', '/v1/sandbox/clock');
  const advance = async (ms: number): Promise<void> => {
    await caller.got('POST', '/v1/sandbox/clock', { advance_seconds: ms / 1_000 });
    await product.until(async () => (await clock())['advancing'] === false, 'the clock has arrived');
  };
  return {
    ...caller,
    list,
    advance,
    settle: () => advance(1_000),
    now: async () => Date.parse(String((await clock())['now'])),
    mailbox: async (fields = {}) =>
      String(
        (
          await caller.got('POST', '/v1/mailboxes', {
            email: 'grace@hopper.example',
            provider: 'capture',
            work_hours: { ...always, end: '23:59' },
            ...fields,
          })
        )['id'],
      ),
    async contacts(contacts) {
      const answer = await caller.api('POST', '/v1/contacts', { lawful_basis: 'legitimate_interests', contacts });
      assert.ok(answer.status < 300, answer.text);
      return (answer.json.data as Fields[]).map(({ id }) => String(id));
    },
    async captured(to) {
      const rows = await list(`/v1/captured-messages?to=${encodeURIComponent(to)}`);
      const read = await Promise.all(rows.map(({ id }) => caller.got('GET', `/v1/captured-messages/${String(id)}`)));
      return read.map(({ raw }) => String(raw)).toReversed();
    },
  };
}
