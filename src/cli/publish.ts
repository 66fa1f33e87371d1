import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { withApi } from './api.ts';
import type { ApiOptions } from './api.ts';
import { UsageError } from './command.ts';
import { codeOf } from './master-key.ts';

export interface PublishOptions extends ApiOptions {
  readonly data: string | undefined;
  readonly 'idempotency-key': string | undefined;
  readonly json: boolean;
}

export async function publishCommand(options: PublishOptions, type: string): Promise<void> {
  const data = await readData(options.data ?? '{}');
  await withApi(options, ['events:write'], async (api) => {
    // One key for all tries, so that a lost response does not publish the event twice.
    const headers = { 'idempotency-key': options['idempotency-key'] ?? randomUUID() };
    const { data: event } = (await api.call('POST', '/v1/events', {
      bodyText: `{"event":${JSON.stringify(type)},"data":${data}}`,
      headers,
    })) as {
      data: { id: string; event: string; deliveries: number };
    };
    if (options.json) console.log(JSON.stringify(event));
    else
      console.log(
        `Published ${event.event} ${event.id} to ${event.deliveries === 1 ? '1 endpoint' : `${event.deliveries} endpoints`}.`,
      );
  });
}

/** Reads JSON text, which is published byte for byte, from the argument, `@file` or `-` (standard input). @throws UsageError */
async function readData(given: string): Promise<string> {
  const source = given === '-' ? 'standard input' : given.startsWith('@') ? given.slice(1) : '--data';
  let json: string;
  try {
    json = given === '-' ? await text(process.stdin) : given.startsWith('@') ? await readFile(source, 'utf8') : given;
  } catch (cause) {
    throw new UsageError(`${source} cannot be read (${codeOf(cause)})`, { cause });
  }
  try {
    // Some editors write a byte order mark.
    const data = json.replace(/^\ufeff/, '');
    JSON.parse(data);
    return data;
  } catch (cause) {
    throw new UsageError(`${source} is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
