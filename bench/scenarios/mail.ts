import { addMessages, bareLoop, cleanMessages, makeMailboxes, sendAll, startSender, startSink } from '../mail.ts';
import { median, round, type Scenario } from '../scenario.ts';
import { cpuByProcess } from '../stage.ts';

const mailboxes = 50;
const messages = 5_000;
/** Product and loop take turns, so that a slow moment of the machine affects both. */
const rounds = 5;

export const mail: Scenario = {
  name: 'mail',
  about: `messages/s over ${mailboxes} mailboxes into an SMTP sink, compared with nodemailer's bare smtp-connection`,
  async run(stage) {
    const sink = await startSink();
    const product = await startSender(stage, sink);
    const ids = await makeMailboxes(stage, product, sink, mailboxes);
    const raw = await sink.last();
    const rates: Record<'product' | 'loop', number[]> = { product: [], loop: [] };
    const cpu: Record<'server' | 'database', number[]> = { server: [], database: [] };
    // The first round warms up.
    for (let turn = 0; turn <= rounds; turn += 1) {
      await cleanMessages(stage);
      await addMessages(stage, ids, messages, 'now');
      const before = await cpuByProcess(stage, product);
      const ours = await sendAll(stage, product, sink, ids, messages);
      const after = await cpuByProcess(stage, product);
      const bare = await bareLoop({ port: sink.port, ca: sink.ca, connections: mailboxes, count: messages, raw });
      if (turn === 0) continue;
      rates.product.push(ours);
      rates.loop.push(bare);
      for (const name of ['server', 'database'] as const)
        cpu[name].push(((after[name] - before[name]) * 10_000) / messages);
    }
    await product.stop();
    await sink.close();
    const [ours, bare] = [median(rates.product), median(rates.loop)];
    return {
      rows: [
        {
          what: 'product',
          'messages/s': round(ours),
          'server CPU s/10k': round(median(cpu.server), 1),
          'database CPU s/10k': round(median(cpu.database), 1),
        },
        { what: 'bare smtp-connection', 'messages/s': round(bare) },
        { what: 'product ÷ bare', 'messages/s': round(ours / bare, 2) },
      ],
      checks: [{ claim: `product ≥ 50 % of bare (is ${round((100 * ours) / bare)} %)`, passed: ours / bare >= 0.5 }],
    };
  },
};
