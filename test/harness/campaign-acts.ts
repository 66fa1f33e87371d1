/** A campaign in a sandbox, what can happen to it, and what must be true afterwards. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { dayMs, hourMs } from '../../src/base/clock.ts';
import type { Database } from '../../src/db/pool.ts';
import { sql } from '../../src/db/sql.ts';
import type { Fields } from './caller.ts';
import type { Installation } from './installation.ts';
import { always, makeSandbox } from './sandbox.ts';

const people = 4;

/** What happens: by a recipient, by a person who runs the campaign, or to the process that sends. */
export type Act =
  | { readonly kind: 'reply' | 'complaint' | 'unsubscribe' | 'suppress'; readonly who: number }
  | { readonly kind: 'bounce'; readonly who: number; readonly how: 'hard' | 'soft' | 'block' }
  | { readonly kind: 'pause lead' | 'resume lead' | 'remove' | 'add'; readonly who: number }
  | { readonly kind: 'pause' | 'resume' | 'send' | 'leave mailbox' | 'pause mailbox' | 'resume mailbox' }
  | { readonly kind: 'delays'; readonly days: number }
  | { readonly kind: 'texts' }
  | { readonly kind: 'insert' | 'delete'; readonly place: number }
  | { readonly kind: 'wait'; readonly hours: number }
  /** The process that sends stops, and another starts. */
  | { readonly kind: 'restart' }
  /** Submissions hang until `let go`. */
  | { readonly kind: 'hang' | 'let go' }
  /** The server defers what hangs. */
  | { readonly kind: 'defer' }
  /** The process that sends is declared dead; what hangs is lost or delivered. */
  | { readonly kind: 'die'; readonly loses: boolean }
  | { readonly kind: 'both'; readonly acts: readonly [Act, Act] };

const who = fc.nat(people - 1);
const simple: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ kind: fc.constantFrom('reply', 'complaint', 'unsubscribe', 'suppress'), who }),
  fc.record({ kind: fc.constant('bounce'), who, how: fc.constantFrom('hard', 'soft', 'block') }),
  fc.record({ kind: fc.constantFrom('pause lead', 'resume lead', 'remove', 'add'), who }),
  fc.record({
    kind: fc.constantFrom('pause', 'resume', 'resume', 'send', 'leave mailbox', 'pause mailbox', 'resume mailbox'),
  }),
  fc.record({ kind: fc.constant('delays'), days: fc.integer({ min: 0, max: 4 }) }),
  fc.record({ kind: fc.constant('texts') }),
  fc.record({ kind: fc.constantFrom('insert', 'delete'), place: fc.nat(4) }),
) as fc.Arbitrary<Act>;

/** Sequences of acts. Time passes between most of them. */
export const acts: fc.Arbitrary<readonly Act[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: simple },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait'), hours: fc.constantFrom(0, 1, 24, 30, 60) }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('both'), acts: fc.tuple(simple, simple) }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('hang', 'let go', 'defer') }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('die'), loses: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart') }) },
  ) as fc.Arbitrary<Act>,
  { minLength: 4, maxLength: 16, size: 'max' },
);

interface MessageFact {
  readonly id: string;
  readonly lead_id: string;
  readonly step_id: string;
  readonly mailbox_id: string;
  readonly status: string;
}

interface LeadFact {
  readonly id: string;
  readonly email: string;
  readonly status: string;
  readonly step: number;
  readonly position: number | null;
  readonly replied_at: Date | null;
}

const open = new Set(['queued', 'waiting', 'sending', 'held']);
const waiting = new Set(['claimed', 'deferred']);
/** A server has it. */
const left = new Set(['sent', 'delivered', 'bounced']);

export interface Play {
  readonly api: Installation;
  /** Stops the process that sends, and starts another. */
  restart(): Promise<void>;
}

/** Plays a sequence with a campaign of its own, and checks it after each act and at the end. */
export async function play({ api, restart }: Play, sequence: readonly Act[]): Promise<void> {
  const sandbox = await makeSandbox(api);
  const mailboxes = [await sandbox.mailbox(), await sandbox.mailbox({ email: 'alan@turing.example' })];
  const emails = Array.from({ length: people }, (_, index) => `p${index}@p${index}.example`);
  const contacts = await sandbox.contacts(emails.map((email) => ({ email })));
  const campaign = await sandbox.got('POST', '/v1/campaigns?autolaunch=true', {
    name: 'Interleaved',
    verification: 'off',
    mailbox_ids: mailboxes,
    contact_ids: contacts.slice(0, people - 1),
    stop: { on_reply: true, company: 'off' },
    schedule: { timezone: 'Etc/UTC', ...always },
    sequence: [
      { subject: 'One', body: '1' },
      { body: '2', delay_days: 1 },
      { body: '3', delay_days: 1 },
    ],
  });
  const id = String(campaign['id']);
  const path = `/v1/campaigns/${id}`;
  const db = api.db;
  const gate = createGate(db);
  /** Messages that a stopped lead had at the stop: none is added, and those that waited are not sent. */
  const stopped = new Map<string, ReadonlyMap<string, string>>();
  /** Steps that each lead must have got before it has finished: those that were there before it was past them. */
  const steps = new Set(((campaign['sequence'] as Fields[]) ?? []).map((step) => String(step['id'])));
  let isReassigned = false;
  let isEnded = false;
  let made = 0;

  const messages = (): Promise<MessageFact[]> =>
    db.query(sql<MessageFact>`
      SELECT id, lead_id, step_id, mailbox_id, status FROM messages WHERE campaign_id = ${id} AND purpose = 'campaign' ORDER BY id`);
  const leads = (): Promise<LeadFact[]> =>
    db.query(
      sql<LeadFact>`SELECT id, email, status, step, position, replied_at FROM campaign_leads WHERE campaign_id = ${id} ORDER BY id`,
    );
  const leadOf = async (index: number): Promise<LeadFact | undefined> =>
    (await leads()).find(({ email }) => email === emails[index]);

  /** A call that may be refused, but does not fail. */
  async function call(method: string, at: string, body?: unknown): Promise<Fields | undefined> {
    const answer = await sandbox.api(method, at, body);
    assert.ok(answer.status < 500, `${method} ${at}: ${answer.text}`);
    return answer.status < 300 ? (answer.json.data as Fields) : undefined;
  }

  /** Remembers what a lead has that is stopped now. */
  async function noteStop(index: number): Promise<void> {
    const lead = await leadOf(index);
    if (lead === undefined) return;
    assert.ok(!open.has(lead.status), `${lead.email} is ${lead.status} after it was stopped`);
    if (stopped.has(lead.id)) return;
    const own = (await messages()).filter((message) => message.lead_id === lead.id);
    stopped.set(lead.id, new Map(own.map((message) => [message.id, message.status])));
  }

  async function capturedOf(index: number): Promise<Fields | undefined> {
    const [newest] = await sandbox.list(`/v1/captured-messages?to=${encodeURIComponent(emails[index] ?? '')}`);
    return newest && sandbox.got('GET', `/v1/captured-messages/${String(newest['id'])}`);
  }

  async function reacts(index: number, what: string, body?: Fields): Promise<void> {
    // What hangs cannot be read.
    const captured = gate.isShut ? undefined : await capturedOf(index);
    if (captured === undefined) return;
    const isStopping =
      (await call('POST', `/v1/captured-messages/${String(captured['id'])}/${what}`, body)) !== undefined;
    if (isStopping) await noteStop(index);
  }

  async function edit(change: (steps: readonly Fields[]) => readonly Fields[]): Promise<void> {
    const { sequence: present } = await sandbox.got('GET', path);
    const given = (present as Fields[]).map((step) => ({
      id: step['id'],
      subject: step['subject'],
      body: step['body'],
      delay_days: step['delay_days'],
    }));
    await call('PATCH', path, { sequence: change(given) });
  }

  async function perform(act: Act): Promise<void> {
    switch (act.kind) {
      case 'reply':
        return reacts(act.who, 'reply', { text: 'Yes, please' });
      case 'bounce':
        return reacts(act.who, 'bounce', { kind: act.how });
      case 'complaint':
        return reacts(act.who, 'complaint');
      case 'unsubscribe': {
        const captured = gate.isShut ? undefined : await capturedOf(act.who);
        const [url] =
          /https?:\/\/[^>\s]+\/u\/[\w-]+/.exec(String(captured?.['raw']).replaceAll(/\r\n[ \t]/g, '')) ?? [];
        if (url === undefined) return;
        assert.equal((await fetch(`${api.url}${new URL(url).pathname}`, { method: 'POST' })).status, 200);
        return noteStop(act.who);
      }
      case 'suppress':
        if ((await call('POST', '/v1/suppressions', { email: emails[act.who] })) !== undefined) await noteStop(act.who);
        return;
      case 'pause lead':
      case 'resume lead':
      case 'remove': {
        const lead = await leadOf(act.who);
        const what = act.kind.split(' ')[0] ?? '';
        if (lead === undefined || (await call('POST', `/v1/leads/${lead.id}/${what}`)) === undefined) return;
        if (what === 'remove') await noteStop(act.who);
        return;
      }
      case 'add': {
        const before = await leadOf(act.who);
        const answer = await call('POST', `${path}/leads`, { contact_ids: [contacts[act.who]] });
        if (answer?.['added'] === 1 && before !== undefined) stopped.delete(before.id);
        return;
      }
      case 'pause':
      case 'resume':
      case 'send':
        return void (await call('POST', `${path}/${act.kind}`));
      case 'pause mailbox':
      case 'resume mailbox':
        return void (await call('POST', `/v1/mailboxes/${mailboxes[1]}/${act.kind.split(' ')[0]}`));
      case 'leave mailbox':
        if ((await call('PATCH', path, { mailbox_ids: [mailboxes[0]], reassign_to: mailboxes[0] })) !== undefined)
          isReassigned = true;
        return;
      case 'delays':
        return edit((present) => present.map((step, index) => ({ ...step, delay_days: index === 0 ? 0 : act.days })));
      case 'texts':
        return edit((present) => present.map((step) => ({ ...step, body: `${String(step['body'])}!` })));
      case 'insert':
        return edit((present) =>
          present.toSpliced(act.place, 0, { subject: `New ${(made += 1)}`, body: 'new', delay_days: 1 } as never),
        );
      case 'delete':
        return edit((present) => (present.length > 1 ? present.toSpliced(act.place % present.length, 1) : present));
      case 'wait':
        if (!gate.isShut) await sandbox.advance(act.hours * hourMs + 1_000);
        return;
      case 'restart':
        await gate.open();
        return restart();
      case 'hang':
        return hangs();
      case 'let go':
        return gate.open();
      case 'defer':
        return gate.cancel();
      case 'die':
        return dies(act.loses);
      case 'both':
        await Promise.all(act.acts.map(perform));
    }
  }

  /** Lets time pass until a message is in flight, which then hangs. */
  async function hangs(): Promise<void> {
    if (gate.isShut) return;
    await gate.shut();
    await sandbox.got('POST', '/v1/sandbox/clock', { advance_seconds: (30 * hourMs) / 1_000 });
    await api.until(async () => {
      const { advancing } = await sandbox.got('GET', '/v1/sandbox/clock');
      return advancing === false || (await messages()).some(({ status }) => status === 'sending');
    }, 'a message is in flight');
  }

  /** Does to the rows what a death between the commit of `sending` and the outcome does, while the process does not know of it. */
  async function dies(loses: boolean): Promise<void> {
    const dead = randomUUID();
    const flying = await db.transaction(async (tx) => {
      await tx.execute(sql`INSERT INTO delivery_holders (id) VALUES (${dead})`);
      await tx.execute(
        sql`UPDATE mailbox_pace SET holder = ${dead} WHERE holder IS NOT NULL AND mailbox_id = ANY(${mailboxes}::uuid[])`,
      );
      return tx.execute(sql`UPDATE messages SET holder = ${dead} WHERE status = 'sending' AND campaign_id = ${id}`);
    });
    if (loses) await gate.cancel();
    await api.until(async () => {
      await api.clock.advance(1_000);
      const [row] = await db.query(
        sql<{
          held: boolean;
        }>`SELECT EXISTS (SELECT FROM mailbox_pace WHERE holder = ${dead}) OR EXISTS (SELECT FROM messages WHERE holder = ${dead}) AS held`,
      );
      return row?.held === false;
    }, `${flying} messages of a dead process are released`);
  }

  async function check(): Promise<void> {
    const sent = await messages();
    for (const own of Map.groupBy(sent, (message) => `${message.lead_id} ${message.step_id}`).values())
      assert.equal(own.length, 1, 'C1: a lead has a step twice');
    if (!isReassigned)
      for (const own of Map.groupBy(sent, (message) => message.lead_id).values())
        assert.equal(new Set(own.map((message) => message.mailbox_id)).size, 1, 'C3: a lead has two mailboxes');
    for (const message of sent) {
      const before = stopped.get(message.lead_id);
      if (before === undefined) continue;
      const was = before.get(message.id);
      assert.ok(was !== undefined, `C11: a message began after its lead was stopped`);
      // One whose attempt ends after the stop as deferred is dropped when its turn comes.
      const isDropped = message.status === 'failed' || (!isEnded && waiting.has(message.status));
      if (waiting.has(was)) assert.ok(isDropped, `C11: a message that waited at the stop is ${message.status}`);
    }
  }

  /** Ends everything that holds the campaign up, and lets it run to its end. */
  async function end(): Promise<void> {
    isEnded = true;
    await gate.open();
    await call('POST', `/v1/mailboxes/${mailboxes[1]}/resume`);
    await call('POST', `${path}/resume`);
    for (const lead of await leads()) if (lead.status === 'held') await call('POST', `/v1/leads/${lead.id}/resume`);
    await sandbox.advance(90 * dayMs);
    // The clock does not wait for a look at a message of unknown fate.
    const unsettled = new Set(['claimed', 'sending', 'deferred', 'unknown']);
    await api.until(
      async () => !(await messages()).some(({ status }) => unsettled.has(status)),
      'the fate of all messages is known',
    );
    await check();
    const present = await leads();
    const sent = await messages();
    assert.deepEqual(
      present.filter(({ status }) => open.has(status)),
      [],
      'C2: a lead stays open',
    );
    assert.equal((await sandbox.got('GET', path))['status'], 'completed');
    const alive = new Set(((await sandbox.got('GET', path))['sequence'] as Fields[]).map((step) => String(step['id'])));
    for (const lead of present) {
      const own = sent.filter((message) => message.lead_id === lead.id);
      assert.equal(lead.step, own.filter(({ status }) => left.has(status)).length, `steps of ${lead.email}`);
      if (lead.status !== 'finished') continue;
      for (const step of steps)
        if (alive.has(step))
          assert.ok(
            own.some((message) => message.step_id === step),
            `C2: ${lead.email} missed a step`,
          );
    }
    await checkFigures(db, id);
  }

  try {
    for (const act of sequence) {
      await perform(act);
      await check();
    }
    await end();
  } finally {
    await gate.open();
    if (!isEnded) await call('POST', `${path}/archive`);
  }
}

interface Figures {
  readonly leads: number;
  readonly open: number;
  readonly contacted: number;
  readonly replied: number;
  readonly skipped: number;
  readonly failed: number;
  readonly sent: number;
  readonly bounced: number;
}

/** Compares the figures of a campaign with its rows. */
async function checkFigures(db: Database, id: string): Promise<void> {
  const [rows] = await db.query(sql<Figures>`
    SELECT count(*) AS leads, count(*) FILTER (WHERE status IN ('queued', 'waiting', 'sending', 'held')) AS open, count(*) FILTER (WHERE step > 0) AS contacted,
      count(*) FILTER (WHERE replied_at IS NOT NULL) AS replied, count(*) FILTER (WHERE status = 'skipped') AS skipped, count(*) FILTER (WHERE status = 'failed') AS failed,
      (SELECT count(*) FROM messages WHERE campaign_id = ${id} AND purpose = 'campaign' AND status IN ('sent', 'delivered', 'bounced')) AS sent,
      (SELECT count(*) FROM messages WHERE campaign_id = ${id} AND purpose = 'campaign' AND status = 'bounced') AS bounced
    FROM campaign_leads WHERE campaign_id = ${id}`);
  const [totals] = await db.query(sql<Figures>`
    SELECT leads, open, contacted, replied, skipped, failed, sent, bounced FROM campaign_totals WHERE campaign_id = ${id}`);
  assert.deepEqual(totals, rows, 'the totals');
  const [sums] = await db.query(sql<Pick<Figures, 'sent' | 'bounced'>>`
    SELECT coalesce(sum(sent), 0)::bigint AS sent, coalesce(sum(bounced_hard + bounced_soft + blocked), 0)::bigint AS bounced
    FROM campaign_stats WHERE campaign_id = ${id}`);
  assert.deepEqual(sums, { sent: rows?.sent, bounced: rows?.bounced }, 'the figures by step');
  const [days] = await db.query(sql<{ counted: number; sent: number }>`
    SELECT coalesce(sum(sent), 0)::bigint AS counted,
      (SELECT count(*) FROM messages WHERE campaign_id = ${id} AND purpose = 'campaign' AND status NOT IN ('failed', 'not_found')) AS sent
    FROM campaign_days WHERE campaign_id = ${id}`);
  assert.equal(days?.counted, days?.sent, 'C5: what counts for the limits');
}

/** The key of a lock that submissions to the capture box wait for, once `makeGate` was called. */
const gateLock = 4_711;

/** Makes the capture box of a test's database wait until the gate is open. */
export async function makeGate(db: Database): Promise<void> {
  await db.execute(sql`
    CREATE FUNCTION wait_for_gate() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_advisory_xact_lock_shared(4711); RETURN new; END'`);
  await db.execute(sql`
    CREATE TRIGGER gate BEFORE INSERT ON captured_messages FOR EACH ROW EXECUTE FUNCTION wait_for_gate()`);
}

function createGate(db: Database) {
  let release: (() => void) | undefined;
  let held: Promise<unknown> | undefined;
  return {
    get isShut(): boolean {
      return release !== undefined;
    },
    async shut(): Promise<void> {
      if (release !== undefined) return;
      const locked = Promise.withResolvers<undefined>();
      const opened = Promise.withResolvers<undefined>();
      release = () => opened.resolve(undefined);
      held = db.transaction(async (tx) => {
        await tx.execute(sql`SELECT pg_advisory_xact_lock(${gateLock}::bigint)`);
        locked.resolve(undefined);
        await opened.promise;
      });
      await locked.promise;
    },
    async open(): Promise<void> {
      release?.();
      release = undefined;
      await held;
      held = undefined;
    },
    /** Ends the submissions that hang: nothing of them is stored. */
    async cancel(): Promise<void> {
      await db.execute(sql`
        SELECT pg_cancel_backend(pid) FROM pg_stat_activity
        WHERE wait_event = 'advisory' AND query LIKE '%INSERT INTO captured_messages%' AND datname = current_database()`);
    },
  };
}
