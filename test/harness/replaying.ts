/** A process of its own that runs replays, to be killed: `node test/harness/replaying.ts DATABASE_URL UNIX_MS`. Its clock starts there and runs on. */
import { setInterval } from 'node:timers/promises';
import { createBus } from '../../src/db/bus.ts';
import { createReplays } from '../../src/webhooks/replays/index.ts';
import { TestClock } from './clock.ts';
import { startEngine } from './engine.ts';

const [url = '', startMs] = process.argv.slice(2);
const clock = new TestClock(Number(startMs));
const { db, engine, ids } = await startEngine(url, clock, { delivers: false });
const onError = (error: unknown): void => console.error(error);
const replays = createReplays({ db, bus: createBus(url, clock, onError), engine, clock, ids, onError });
void replays.run(new AbortController().signal);
for await (const _ of setInterval(10)) await clock.advance(10);
