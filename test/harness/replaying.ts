/** A process that runs replays until it is killed: `node test/harness/replaying.ts DATABASE_URL UNIX_MS`. Its clock starts at UNIX_MS. */
import { setInterval } from 'node:timers/promises';
import { createReplays } from '../../src/webhooks/replays/index.ts';
import { TestClock } from './clock.ts';
import { startEngine } from './engine.ts';

const [url = '', startMs] = process.argv.slice(2);
const clock = new TestClock(Number(startMs));
const engine = await startEngine(url, clock, { delivers: false });
const onError = (error: unknown): void => console.error(error);
const replays = createReplays({ ...engine, clock, onError });
void replays.run(new AbortController().signal);
for await (const _ of setInterval(10)) await clock.advance(10);
