/**
 * A server-sent event of a stream.
 *
 * @example
 * ```ts
 * for await (const { event, data } of outrider.deliveries.streamAttempts()) console.log(event, data);
 * ```
 */
export interface ServerEvent {
  /** Its type, such as `attempts`. */
  readonly event: string;
  /** What its JSON says. */
  readonly data: unknown;
}

/** Reads server-sent events until the stream ends, or `signal` aborts. Leaving the iteration closes the stream. */
export async function* eventsIn(
  stream: ReadableStream<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<ServerEvent, void, undefined> {
  const reader = stream.getReader();
  const cancel = (): void => void reader.cancel(signal?.reason).catch(() => undefined);
  signal?.addEventListener('abort', cancel, { once: true });
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      signal?.throwIfAborted();
      if (done) return;
      const blocks = `${rest}${decoder.decode(value, { stream: true })}`.split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const event = eventIn(block);
        if (event !== undefined) yield event;
      }
    }
  } finally {
    signal?.removeEventListener('abort', cancel);
    cancel();
  }
}

/** Undefined for a comment, and for a field of the connection. */
function eventIn(block: string): ServerEvent | undefined {
  const fields = new Map(
    block.split('\n').map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    }),
  );
  const data = fields.get('data');
  return data === undefined
    ? undefined
    : { event: fields.get('event') ?? 'message', data: JSON.parse(data) as unknown };
}
