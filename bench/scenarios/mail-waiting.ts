import { sql } from '../../src/db/sql.ts';
import { addMessages, cleanMessages, makeMailboxes, sendAll, startSender, startSink } from '../mail.ts';
import { median, round, type Scenario } from '../scenario.ts';
import type { Stage } from '../stage.ts';

const mailboxes = 50;
const messages = 5_000;
const rounds = 5;
const few = 1_000;
/** Rows of one statement, which must end within the client's minute. */
const chunk = 20_000;
const many = Number(process.env['BENCH_MAIL_WAITING'] ?? 1_000_000);

/**
 * What the statements that read waiting messages cost, in milliseconds of the database for each message that was sent. pg_stat_statements has no
 * constants, so they are known by the columns they compare; `AS left` is the benchmark's own.
 * @throws Error if it has none of them
 */
async function claimMs(stage: Stage): Promise<number> {
  const [row] = await stage.db.query(sql<{ ms: number | null }>`
    SELECT sum(total_exec_time)::float8 AS ms FROM pg_stat_statements
    WHERE query ~* '^\\s*(with|select)' AND query ~ '\\mmessages\\M' AND query ~ 'status IN \\(' AND query !~ 'AS left$'`);
  if (row?.ms === null || row?.ms === undefined)
    throw new Error(
      'pg_stat_statements has no statement that reads waiting messages: claimMs looks for another text than the product sends.',
    );
  return row.ms / messages;
}

export const mailWaiting: Scenario = {
  name: 'mail-waiting',
  about: `the cost of a claim with ${many.toLocaleString('en')} waiting messages, compared with ${few.toLocaleString('en')}`,
  settings: { shared_preload_libraries: 'pg_stat_statements' },
  async run(stage) {
    await stage.db.script('CREATE EXTENSION pg_stat_statements');
    const sink = await startSink();
    const product = await startSender(stage, sink);
    const ids = await makeMailboxes(stage, product, sink, mailboxes);
    const rows: { readonly waiting: number; readonly rate: number; readonly ms: number }[] = [];
    for (const waiting of [few, many]) {
      for (let left = waiting - (rows[0]?.waiting ?? 0); left > 0; left -= chunk)
        await addMessages(stage, ids, Math.min(left, chunk), 'tomorrow');
      const rates: number[] = [];
      const costs: number[] = [];
      for (let turn = 0; turn <= rounds; turn += 1) {
        await cleanMessages(stage);
        await addMessages(stage, ids, messages, 'now');
        await stage.db.script('SELECT pg_stat_statements_reset()');
        const rate = await sendAll(stage, product, sink, ids, messages);
        if (turn === 0) continue;
        rates.push(rate);
        costs.push(await claimMs(stage));
      }
      rows.push({ waiting, rate: median(rates), ms: median(costs) });
    }
    await product.stop();
    await sink.close();
    const [less, more] = rows.map(({ ms }) => ms);
    if (less === undefined || more === undefined) throw new Error('A size was not measured.');
    const ratio = more / less;
    return {
      rows: rows.map(({ waiting, rate, ms }) => ({
        waiting,
        'messages/s': round(rate),
        'claim ms per message': round(ms, 3),
      })),
      checks: [{ claim: `claim cost ≤ 1.1 × (is ${round(ratio, 2)} ×)`, passed: ratio <= 1.1 }],
    };
  },
};
