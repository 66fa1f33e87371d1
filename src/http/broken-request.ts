import type { Socket } from 'node:net';

interface Refusal {
  readonly status: string;
  readonly code: string;
  readonly message: string;
}

/** By Node's error codes. These never become a request, so there is no route, no caller and no limit to speak of. */
const refusals: Readonly<Record<string, Refusal>> = {
  ERR_HTTP_REQUEST_TIMEOUT: { status: '408 Request Timeout', code: 'request_timeout', message: 'The request took too long to arrive.' },
  HPE_HEADER_OVERFLOW: { status: '431 Request Header Fields Too Large', code: 'headers_too_large', message: 'The URL and headers together are over 16 KiB.' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { status: '413 Content Too Large', code: 'payload_too_large', message: 'The chunk extensions are too long.' },
};
const notHttp: Refusal = { status: '400 Bad Request', code: 'validation_failed', message: 'This is not valid HTTP.' };

/** Answers what Node's parser gave up on, or what came too slowly, in the shape of every other error, and closes the connection. */
export function answerBrokenRequest(nextRequestId: () => string): (error: NodeJS.ErrnoException, socket: Socket) => void {
  return (error, socket) => {
    if (error.code === 'ECONNRESET' || socket.destroyed) return;
    if (!socket.writable) {
      socket.destroy();
      return;
    }
    const { status, code, message } = refusals[error.code ?? ''] ?? notHttp;
    const body = JSON.stringify({ error: { code, message, details: {} } });
    socket.end(
      `HTTP/1.1 ${status}\r\nx-request-id: ${nextRequestId()}\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
      () => socket.destroy(),
    );
  };
}
