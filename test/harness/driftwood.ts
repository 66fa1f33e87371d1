/** Calls Driftwood's API for records; checks that apply to each of its lists. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Caller, Fields } from './caller.ts';

export interface Driftwood {
  /** The result of a successful call. */
  done(call: string, body?: unknown): Promise<Fields>;
  /** The message of a refusal. */
  refused(status: number, code: string, call: string, body?: unknown): Promise<string>;
  /** The items of all pages of a list. */
  all(call: string, body?: Fields): Promise<Fields[]>;
}

export function driftwoodOf(caller: Caller): Driftwood {
  async function done(call: string, body: unknown = {}): Promise<Fields> {
    const answer = await caller.api('POST', `/api/${call}`, body);
    assert.equal(answer.status, 200, `${call}: ${answer.text}`);
    const { ok, result, ...rest } = answer.json as unknown as { ok: boolean; result: Fields };
    assert.deepEqual([ok, rest], [true, {}]);
    return result;
  }
  return {
    done,
    async refused(status, code, call, body = {}) {
      const answer = await caller.api('POST', `/api/${call}`, body);
      const { error } = answer.json as unknown as { error?: { code: string; message: string } };
      assert.deepEqual([answer.status, error?.code], [status, code], `${call}: ${answer.text}`);
      assert.deepEqual(answer.json, { ok: false, error: { code, message: error?.message } });
      return String(error?.message);
    },
    async all(call, body = {}) {
      const items: Fields[] = [];
      for (let cursor: unknown = ''; items.length === 0 || cursor !== '';) {
        const page = await done(call, { ...body, cursor });
        assert.deepEqual(Object.keys(page), ['items', 'next_cursor']);
        assert.equal(typeof page['next_cursor'], 'string');
        items.push(...(page['items'] as Fields[]));
        cursor = page['next_cursor'];
        if (cursor === '') break;
      }
      return items;
    },
  };
}

/** Changes made while a list is read. */
const meanwhileOf = fc.array(fc.constantFrom<'create' | 'delete' | 'touch'>('create', 'create', 'delete', 'touch'), {
  minLength: 1,
  maxLength: 4,
});

export interface PagedList {
  readonly api: Driftwood;
  /** Creates a record that the list shows. @returns its id */
  make(): Promise<unknown>;
  /** Changes a record in a way that keeps it in the list. */
  touch(id: unknown): Promise<unknown>;
}

/**
 * Reads a list by cursor while records are created, changed and deleted: records that exist throughout appear exactly once, newest first.
 * @param start an empty list
 */
export async function assertStablePages(
  resource: string,
  start: () => Promise<PagedList>,
  filter: Fields = {},
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 9 }),
      fc.integer({ min: 1, max: 4 }),
      fc.array(meanwhileOf, { minLength: 1, maxLength: 4 }),
      async (count, limit, steps) => {
        const { api, make, touch } = await start();
        const passing: unknown[] = [];
        const staying: unknown[] = [];
        for (let n = 0; n < count; n += 1) (n % 3 === 2 ? passing : staying).push(await make());
        const meanwhile = async (step: 'create' | 'delete' | 'touch'): Promise<void> => {
          if (step === 'create') await make();
          else if (step === 'touch') await (staying.length > 0 && touch(staying[0]));
          else {
            const id = passing.pop();
            if (id !== undefined) await api.done(`${resource}-delete`, { id });
          }
        };
        const seen: string[] = [];
        for (let page = 0, cursor: unknown = undefined; cursor !== ''; page += 1) {
          const [answer] = await Promise.all([
            api.done(`${resource}-list`, { ...filter, limit, cursor }),
            ...(steps[page % steps.length] ?? []).map(meanwhile),
          ]);
          const items = answer['items'] as { id: string }[];
          assert.ok(items.length <= limit);
          seen.push(...items.map(({ id }) => id));
          cursor = answer['next_cursor'];
        }
        assert.deepEqual(seen, [...new Set(seen)].sort().reverse(), 'each once, the newest first');
        for (const id of staying) assert.ok(seen.includes(String(id)), 'none is missed');
      },
    ),
    { numRuns: 20 },
  );
}
