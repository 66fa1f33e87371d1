import { Readable } from 'node:stream';
import { round, type Scenario } from '../scenario.ts';
import { api, clean, key, makeEndpoint, settled, usage, type Server } from '../stage.ts';
import { residentMb } from './memory.ts';

const rows = Number(process.env['BENCH_IMPORT_ROWS'] ?? 100_000);
/** Rows of the import before the one that is measured. */
const warmUp = 10_000;
const secondsMax = 30;
const memoryMbMax = 200;
/** Lines sent at a time. */
const batch = 1_000;

interface Progress {
  readonly data: { readonly state: string; readonly progress: { readonly bytes: number; readonly created: number; readonly rejected: number } };
}

/** Contacts as they come out of other systems, numbered in a field of their own, which their events carry. */
function* file(first: number, count: number, at: number): Generator<string> {
  yield 'email,first_name,last_name,company_name,job_title,city,seq,at\n';
  for (let row = 0; row < count; row += batch) {
    const lines = Array.from({ length: Math.min(batch, count - row) }, (_, index) => {
      const n = first + row + index;
      return `person.${n}@company-${n % 5_000}.example,Ada ${n % 700},"Lovelace, ${n % 900}",Analytical Engines ${n % 5_000},Head of Research,London,${n},${at}\n`;
    });
    yield lines.join('');
  }
}

interface Imported {
  readonly progress: Progress['data']['progress'];
  readonly uploadSeconds: number;
  readonly seconds: number;
}

async function importFile(server: Server, first: number, count: number): Promise<Imported> {
  const began = performance.now();
  const { data } = await api<{ data: { id: string } }>(server, 'POST', '/v1/imports', { lawful_basis: 'consent', tags: ['bench'], source: 'bench' });
  const request: RequestInit & { duplex: 'half' } = {
    method: 'PUT',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'text/csv' },
    body: Readable.toWeb(Readable.from(file(first, count, performance.timeOrigin + began), { objectMode: false })) as ReadableStream,
    duplex: 'half',
  };
  const answer = await fetch(`${server.url}/v1/imports/${data.id}/file`, request);
  if (answer.status !== 202) throw new Error(`The file was answered ${answer.status}: ${await answer.text()}`);
  const uploaded = performance.now();
  for (;;) {
    const { state, progress } = (await api<Progress>(server, 'GET', `/v1/imports/${data.id}`)).data;
    if (state !== 'running') return { progress, uploadSeconds: (uploaded - began) / 1_000, seconds: (performance.now() - began) / 1_000 };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export const imports: Scenario = {
  name: 'imports',
  about: `${rows.toLocaleString('en')} contacts from a CSV, each event delivered to one endpoint`,
  async run(stage) {
    const product = await stage.product();
    const fresh = await residentMb(product.pids);
    await makeEndpoint(product, `${stage.receiver.url}/ok`, { dialect: 'standard', events: ['contact.created'] });
    for (const field of ['seq', 'at']) await api(product, 'POST', '/v1/custom-fields', { entity: 'contact', key: field, type: 'number' });
    // Idle is a server that has worked before: its heap is as large as ordinary work makes it.
    await importFile(product, rows, warmUp);
    await stage.receiver.all(warmUp, 60_000);
    await clean(stage);
    const [idle, before] = [await residentMb(product.pids), await usage(product.pids)];
    const began = performance.now();
    const { progress, uploadSeconds, seconds } = await importFile(product, 0, rows);
    await stage.receiver.all(rows, 300_000);
    const deliveredSeconds = (performance.now() - began) / 1_000;
    await settled(stage);
    const { unique, duplicates } = await stage.receiver.report();
    const after = await usage(product.pids);
    await product.stop();
    const memoryMb = round(after.peakMb - idle);
    return {
      rows: [
        {
          rows: progress.created,
          'file MB': round(progress.bytes / 1e6, 1),
          'upload s': round(uploadSeconds, 1),
          'import s': round(seconds, 1),
          'rows/s': round(rows / seconds),
          'all delivered s': round(deliveredSeconds, 1),
          'CPU s': round(after.cpuSeconds - before.cpuSeconds, 1),
          'peak MB above idle': memoryMb,
          'above a fresh server': round(after.peakMb - fresh),
          'delivered twice': duplicates,
        },
      ],
      checks: [
        { claim: `${rows} rows, ${progress.created} contacts, ${unique} events delivered: none missing`, held: progress.created === rows && unique === rows },
        { claim: `100,000 rows in at most ${secondsMax} s (${rows} in ${round(seconds, 1)})`, held: seconds <= (secondsMax * rows) / 100_000 },
        { claim: `at most ${memoryMbMax} MB above idle (are ${memoryMb})`, held: memoryMb <= memoryMbMax },
      ],
    };
  },
};
