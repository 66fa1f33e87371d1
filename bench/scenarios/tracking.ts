import { createSigners } from '../../src/mail/tracking/signers.ts';
import { pixelNumber, tokenOf } from '../../src/mail/tracking/token.ts';
import { systemClock } from '../../src/base/clock.ts';
import { masterKeyOf } from '../../src/encryption/cipher.ts';
import { createVault } from '../../src/encryption/vault.ts';
import type { OrganizationId } from '../../src/base/ids.ts';
import { sql } from '../../src/db/sql.ts';
import { makeCampaigns, makeSenders } from '../campaigns.ts';
import { median, round, type Scenario } from '../scenario.ts';
import { api, databasePids, masterKey, usage, type Server, type Stage } from '../stage.ts';

const perSecond = 1_000;
const steadySeconds = 17;
const warmUpSeconds = 2;
const turns = Number(process.env['BENCH_TRACKING_TURNS'] ?? 5);
const perTurn = 15_000;
const concurrency = 32;

export const tracking: Scenario = {
  name: 'tracking',
  about: `opens: pixels at ${perSecond.toLocaleString('en')} a second, and as fast as they go compared with bare node:http that writes a row for each`,
  async run(stage) {
    const setup = await stage.product();
    await stage.db.script('CREATE TABLE bare_hits (LIKE tracking_hits INCLUDING ALL)');
    const [mailbox] = await makeSenders(stage, setup, 1);
    const [campaign] = await makeCampaigns(setup, 1, [String(mailbox)]);
    await api(setup, 'POST', '/v1/messages', {
      mailbox_id: mailbox,
      to: 'ada@lovelace.test',
      subject: 'The quarterly figures',
      text: 'Dear Ada,\n\nhere they are.\n',
    });
    await until(stage, sql`SELECT count(*) AS count FROM messages WHERE sent_at IS NOT NULL`, 1);
    await setup.stop();
    const count = perSecond * steadySeconds + (turns + 1) * perTurn;
    const paths = await makeMessages(stage, String(campaign), count);

    const server = await stage.product({ env: { OUTRIDER_TRUSTED_PROXIES: '127.0.0.1' } });
    const bare = await stage.ceiling('bare-pixel.ts');
    const next = (count: number): readonly string[] => paths.splice(0, count);
    const rounds: Readonly<Record<Kind, Turn>>[] = [];
    for (let turn = 0; turn <= turns; turn += 1) {
      const batch = next(perTurn);
      rounds.push({
        bare: await turnOf(stage, bare, batch, sql`SELECT count(*) AS count FROM bare_hits`),
        product: await turnOf(stage, server, batch, hits),
      });
    }
    const before = await countOf(stage, hits);
    const batch = next(perSecond * steadySeconds);
    const atRate = {
      paths: batch,
      count: batch.length,
      concurrency: 64,
      rate: perSecond,
      warmUp: perSecond * warmUpSeconds,
    };
    const bareLatency = (await stage.load({ ...atRate, url: bare.url })).latency;
    const steady = await stage.load({ ...atRate, url: server.url });
    await until(stage, hits, before + steady.accepted);
    const recorded = await countOf(stage, sql`SELECT count(*) AS count FROM messages WHERE opened_at IS NOT NULL`);
    await server.stop();
    await bare.stop();
    // The first round is the warm-up.
    const pairs = rounds.slice(1);
    const ratios = pairs.map(({ product, bare: other }) => product.perSecond / other.perSecond);
    const medianOf = (kind: Kind, of: keyof Turn): number => round(median(pairs.map((each) => each[kind][of])));
    const [ratio, { p50, p99, max }] = [median(ratios), steady.latency];
    return {
      rows: [
        { measured: `p50, p99 and slowest ms at ${perSecond} a second`, value: [p50, p99, max].map(shown).join(' ') },
        { measured: `p99 ms at ${perSecond} a second, bare`, value: shown(bareLatency.p99) },
        ...(['product', 'bare'] as const).flatMap((kind) => [
          { measured: `${kind}: recorded per second`, value: medianOf(kind, 'perSecond') },
          {
            measured: `${kind}: CPU µs for each, server and database`,
            value: `${medianOf(kind, 'server')} ${medianOf(kind, 'database')}`,
          },
        ]),
        { measured: 'product ÷ bare, each pair', value: ratios.map(shown).join(' ') },
      ],
      checks: [
        { claim: `${count} opened, ${recorded} recorded: none missing`, passed: recorded === count },
        { claim: `p99 < 15 ms (is ${shown(p99)})`, passed: p99 < 15 },
        { claim: `product ≥ 0.5 of bare node:http (is ${shown(ratio)})`, passed: ratio >= 0.5 },
      ],
    };
  },
};

type Kind = 'product' | 'bare';
const shown = (value: number): number => round(value, 2);

type Count = Parameters<typeof countOf>[1];

const hits = sql<{ count: number }>`SELECT count(*) AS count FROM tracking_hits`;

async function countOf(stage: Stage, statement: ReturnType<typeof sql<{ count: number }>>): Promise<number> {
  return (await stage.db.query(statement))[0]?.count ?? 0;
}

async function until(stage: Stage, statement: Count, count: number): Promise<void> {
  const endMs = performance.now() + 120_000;
  while ((await countOf(stage, statement)) < count) {
    if (performance.now() > endMs) throw new Error('Not everything was recorded within 120 s.');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

interface Turn {
  readonly perSecond: number;
  /** CPU microseconds for each. */
  readonly server: number;
  readonly database: number;
}

/** Fetches pixels as fast as they are answered. The rate is that of recorded ones, from the first request to the last row. */
async function turnOf(stage: Stage, server: Server, paths: readonly string[], count: Count): Promise<Turn> {
  const used = async (): Promise<{ server: number; database: number }> => ({
    server: (await usage(server.pids)).cpuSeconds,
    database: (await usage(await databasePids(stage.database))).cpuSeconds,
  });
  const [before, atFirst, began] = [await countOf(stage, count), await used(), performance.now()];
  await stage.load({ url: server.url, paths, count: paths.length, concurrency, rate: 0 });
  await until(stage, count, before + paths.length);
  const [seconds, atLast] = [(performance.now() - began) / 1_000, await used()];
  const each = (part: keyof typeof atLast): number => ((atLast[part] - atFirst[part]) * 1e6) / paths.length;
  return { perSecond: paths.length / seconds, server: each('server'), database: each('database') };
}

/** Adds copies of the sent message to the campaign. @returns the paths of their pixels, in another order: people do not open in turn */
async function makeMessages(stage: Stage, campaign: string, count: number): Promise<string[]> {
  const rows = await stage.db.query(sql<{ organization_id: OrganizationId; send_key: string }>`
    INSERT INTO messages (id, organization_id, mailbox_id, direction, status, purpose, campaign_id, step_id, message_id, from_address, to_address, party_key, party_domain, content,
      created_at, sent_at, send_key)
    SELECT uuidv7(), m.organization_id, m.mailbox_id, m.direction, 'delivered', 'campaign', ${campaign}, s.id, '<' || n || '@bench.test>', m.from_address, 'r' || n || '@d.test',
      'r' || n || '@d.test', 'd.test', m.content, m.created_at - interval '1 hour', m.sent_at - interval '1 hour', gen_random_uuid()
    FROM (SELECT * FROM messages WHERE sent_at IS NOT NULL LIMIT 1) m CROSS JOIN (SELECT id FROM campaign_steps WHERE campaign_id = ${campaign} ORDER BY id LIMIT 1) s
    CROSS JOIN generate_series(1, ${count}::int) AS n
    RETURNING organization_id, send_key`);
  for (const statement of [sql`VACUUM ANALYZE messages`, sql`CHECKPOINT`]) await stage.db.execute(statement);
  const [organization] = rows;
  if (organization === undefined) throw new Error('No message was made.');
  const signers = createSigners({ db: stage.db, clock: systemClock, vault: createVault(masterKeyOf(masterKey)) });
  const { tag, key } = await signers.of(stage.db, organization.organization_id);
  return rows
    .toSorted((one, other) => (one.send_key < other.send_key ? -1 : 1))
    .map(({ send_key: sendKey }) => `/t/o/${tokenOf(key, tag, { sendKey, number: pixelNumber })}`);
}
