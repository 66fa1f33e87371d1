import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { errorCatalogue } from '../base/errors.ts';
import type { ErrorName } from '../base/errors.ts';
import { own } from '../base/own.ts';

interface Refusal {
  readonly error: ErrorName;
  readonly message: string;
}

/** By Node's error code. These never become a request, so they have no route, caller or limit. */
const refusals: Readonly<Record<string, Refusal>> = {
  ERR_HTTP_REQUEST_TIMEOUT: { error: 'request_timeout', message: errorCatalogue.request_timeout.meaning },
  HPE_HEADER_OVERFLOW: { error: 'headers_too_large', message: errorCatalogue.headers_too_large.meaning },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { error: 'too_large', message: 'The chunk extensions are too long.' },
};
const notHttp: Refusal = { error: 'malformed', message: 'The request is not valid HTTP.' };

/** Answers a request that Node's parser refused or that arrived too slowly, in the format of native errors, and closes the connection. */
export function answerBrokenRequest(
  nextRequestId: () => string,
): (error: NodeJS.ErrnoException, socket: Socket) => void {
  return (error, socket) => {
    if (error.code === 'ECONNRESET' || socket.destroyed) return;
    if (!socket.writable) {
      socket.destroy();
      return;
    }
    const { error: name, message } = own(refusals, error.code ?? '') ?? notHttp;
    const { status, code } = errorCatalogue[name];
    const body = JSON.stringify({ error: { code, message, details: {} } });
    socket.end(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nx-request-id: ${nextRequestId()}\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
      () => socket.destroy(),
    );
  };
}
