/** The thread, started by renderer.ts, that renders callers' templates. A question may take any time. */
import { parentPort } from 'node:worker_threads';
import { createRenderer } from './liquid.ts';
import type { Question } from './liquid.ts';

const render = createRenderer();

parentPort?.on('message', (question: Question) => parentPort?.postMessage(render(question)));
parentPort?.postMessage('ready');
