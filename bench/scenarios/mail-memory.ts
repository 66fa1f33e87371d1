import { addMessages, cleanMessages, makeMailboxes, sendAll, startSender, startSink } from '../mail.ts';
import { round, type Scenario } from '../scenario.ts';
import { residentMb } from './memory.ts';

const mailboxes = 50;
const total = Number(process.env['BENCH_MAIL_MESSAGES'] ?? 100_000);
const parts = 10;

export const mailMemory: Scenario = {
  name: 'mail-memory',
  about: `resident memory of the server over ${total.toLocaleString('en')} messages`,
  async run(stage) {
    const sink = await startSink();
    const product = await startSender(stage, sink);
    const ids = await makeMailboxes(stage, product, sink, mailboxes);
    const rows = [];
    const resident: number[] = [];
    for (let part = 0; part < parts; part += 1) {
      await cleanMessages(stage);
      await addMessages(stage, ids, total / parts, 'now');
      const rate = await sendAll(stage, product, sink, ids, total / parts);
      resident.push(await residentMb(product.pids));
      rows.push({
        messages: ((part + 1) * total) / parts,
        'resident MB': round(resident[part] ?? 0),
        'messages/s': round(rate),
      });
    }
    await product.stop();
    await sink.close();
    const growth = Math.max(...resident.slice(parts / 2)) / Math.max(...resident.slice(1, parts / 2));
    return {
      rows,
      checks: [
        {
          claim: `peak of the second half ÷ peak of the first half ≤ 1.15 (is ${round(growth, 2)})`,
          passed: growth <= 1.15,
        },
      ],
    };
  },
};
