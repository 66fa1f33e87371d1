/**
 * Fills an installation with data to look at: people in several scripts, endpoints with every kind of failure, thousands of deliveries,
 * campaigns in every state in the sandbox. Keeps its receiver running until it is ended.
 *
 *     npm run dev                      # endpoints on this machine are allowed
 *     OUTRIDER_KEY=otr_live_… npm run sample-data
 */
import { OutriderError } from '../../sdk/src/index.ts';
import { fill } from './fill.ts';
import { startReceiver } from './webhooks.ts';

const baseUrl = process.env['OUTRIDER_URL'] ?? 'http://localhost:8080';
const apiKey = process.env['OUTRIDER_KEY'] ?? '';
const contacts = Number(process.env['SAMPLE_CONTACTS'] ?? 2_000);
const events = Number(process.env['SAMPLE_EVENTS'] ?? 1_500);

if (apiKey === '') {
  console.error('Set OUTRIDER_KEY to a key of the installation, and OUTRIDER_URL to its address.');
  process.exit(1);
}
const receiver = await startReceiver();
try {
  await fill({ baseUrl, apiKey }, { contacts, events, receiverUrl: receiver.url }, console.log);
  console.log(`Filled. The receiver ${receiver.url} answers until you press Ctrl+C.`);
} catch (error) {
  receiver.close();
  if (!(error instanceof OutriderError)) throw error;
  console.error(`${error.message} A new installation can be filled once.`);
  process.exitCode = 1;
}
