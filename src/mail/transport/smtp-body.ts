import { Readable } from 'node:stream';

const chunkBytes = 64 * 1024;

/**
 * A stream of a message that says when its first byte is read, which is after the server's 354, and when the last one is. Nothing is read if
 * it was destroyed by `onStart`.
 */
export function bodyOf(raw: Buffer, onStart: () => void, onEnd: () => void): Readable {
  let offset = 0;
  const body = new Readable({
    read() {
      if (offset === 0) onStart();
      if (body.destroyed) return;
      const chunk = raw.subarray(offset, offset + chunkBytes);
      offset += chunkBytes;
      if (chunk.length > 0) return void this.push(chunk);
      this.push(null);
      onEnd();
    },
  });
  return body;
}
