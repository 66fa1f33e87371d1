import { Readable } from 'node:stream';
import { round, type Scenario } from '../scenario.ts';
import { api, clean, key, makeEndpoint, settled, usage, type Server, type Stage } from '../stage.ts';
import { residentMb } from './memory.ts';

const rows = Number(process.env['BENCH_IMPORT_ROWS'] ?? 100_000);
const secondsMax = 30;
const memoryMbMax = 200;
/** Lines per chunk of the upload. */
const batch = 1_000;
/** With an unmapped column that makes rows as wide as allowed, few rows fill a file of the largest allowed size, 200 MiB. */
const wideRows = 1_000;
const wideBytes = 204 * 1_024;

/** Contacts as other systems export them, with a number in a custom field that their events carry. */
function* long(at: number): Generator<string> {
  yield 'email,first_name,last_name,company_name,job_title,city,seq,at\n';
  for (let row = 0; row < rows; row += batch) {
    const lines = Array.from({ length: Math.min(batch, rows - row) }, (_, index) => {
      const n = row + index;
      return `person.${n}@company-${n % 5_000}.example,Ada ${n % 700},"Lovelace, ${n % 900}",Analytical Engines ${n % 5_000},Head of Research,London,${n},${at}\n`;
    });
    yield lines.join('');
  }
}

function* wide(at: number): Generator<string> {
  yield 'email,seq,at,raw\n';
  const raw = 'x'.repeat(wideBytes);
  for (let row = 0; row < wideRows; row += 1) yield `person.${row}@wide.example,${row},${at},${raw}\n`;
}

interface Progress {
  readonly data: {
    readonly state: string;
    readonly progress: { readonly bytes: number; readonly created: number; readonly rejected: number };
  };
}

interface Imported {
  readonly progress: Progress['data']['progress'];
  readonly uploadSeconds: number;
  readonly seconds: number;
}

async function importFile(server: Server, lines: (at: number) => Generator<string>): Promise<Imported> {
  const began = performance.now();
  const { data } = await api<{ data: { id: string } }>(server, 'POST', '/v1/imports', {
    lawful_basis: 'consent',
    tags: ['bench'],
    source: 'bench',
  });
  const request: RequestInit & { duplex: 'half' } = {
    method: 'PUT',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'text/csv' },
    body: Readable.toWeb(Readable.from(lines(performance.timeOrigin + began), { objectMode: false })) as ReadableStream,
    duplex: 'half',
  };
  const response = await fetch(`${server.url}/v1/imports/${data.id}/file`, request);
  if (response.status !== 202) throw new Error(`The upload failed with ${response.status}: ${await response.text()}`);
  const uploaded = performance.now();
  for (;;) {
    const { state, progress } = (await api<Progress>(server, 'GET', `/v1/imports/${data.id}`)).data;
    if (state !== 'running')
      return { progress, uploadSeconds: (uploaded - began) / 1_000, seconds: (performance.now() - began) / 1_000 };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Imports one file on a newly started server. */
async function measured(stage: Stage, file: string, count: number, lines: (at: number) => Generator<string>) {
  const product = await stage.product();
  await makeEndpoint(product, `${stage.receiver.url}/ok`, { dialect: 'standard', events: ['contact.created'] });
  for (const field of ['seq', 'at'])
    await api(product, 'POST', '/v1/custom-fields', { entity: 'contact', key: field, type: 'number' });
  const [idle, before] = [await residentMb(product.pids), await usage(product.pids)];
  const began = performance.now();
  const { progress, uploadSeconds, seconds } = await importFile(product, lines);
  await stage.receiver.all(count, 300_000);
  const deliveredSeconds = (performance.now() - began) / 1_000;
  await settled(stage);
  const { unique, duplicates } = await stage.receiver.report();
  const after = await usage(product.pids);
  await product.stop();
  const memoryMb = round(after.peakMb - idle);
  return {
    seconds,
    row: {
      file,
      rows: progress.created,
      MB: round(progress.bytes / 1e6, 1),
      'upload s': round(uploadSeconds, 1),
      'import s': round(seconds, 1),
      'rows/s': round(count / seconds),
      'all delivered s': round(deliveredSeconds, 1),
      'CPU s': round(after.cpuSeconds - before.cpuSeconds, 1),
      'peak MB above idle': memoryMb,
      'delivered twice': duplicates,
    },
    checks: [
      {
        claim: `${count} rows, ${progress.created} contacts, ${unique} events delivered: none missing`,
        passed: progress.created === count && unique === count,
      },
      { claim: `${file}: ${memoryMb} MB above idle (limit ${memoryMbMax})`, passed: memoryMb <= memoryMbMax },
    ],
  };
}

export const imports: Scenario = {
  name: 'imports',
  about: `${rows.toLocaleString('en')} contacts from a CSV file, and a CSV file of 200 MiB; each event is delivered to one endpoint`,
  async run(stage) {
    const many = await measured(stage, 'many rows', rows, long);
    await stage.db.script('TRUNCATE custom_fields, endpoints CASCADE');
    await clean(stage);
    const large = await measured(stage, 'large file', wideRows, wide);
    return {
      rows: [many.row, large.row],
      checks: [
        {
          claim: `100,000 rows in at most ${secondsMax} s (${rows} rows took ${round(many.seconds, 1)} s)`,
          passed: many.seconds <= (secondsMax * rows) / 100_000,
        },
        ...many.checks,
        ...large.checks,
      ],
    };
  },
};
