import { OperatorError } from '../base/errors.ts';

/** Where a process listens. */
export interface Address {
  /** The URL under which this machine reaches it; behind a proxy, callers use OUTRIDER_PUBLIC_URL. */
  readonly url: string;
  /** Sets the port once it is known: `port: 0` leaves the choice to the system. */
  listensOn(port: number): void;
}

export function createAddress({ host, port }: { readonly host: string; readonly port: number }): Address {
  let current = port;
  return {
    get url() {
      return `http://${reachableHost(host)}:${current}`;
    },
    listensOn(actual) {
      current = actual;
    },
  };
}

/** `0.0.0.0` and `::` stand for all addresses, including the loopback address. */
function reachableHost(host: string): string {
  if (['0.0.0.0', '::', '127.0.0.1', '::1'].includes(host)) return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

/** Explains to the operator why an address cannot be used; undefined for any other error. */
export function listenProblem(error: unknown, port: number, host: string): OperatorError | undefined {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  if (code === 'EADDRINUSE')
    return new OperatorError(
      `Port ${port} is already in use. Stop the program that listens on it, or set OUTRIDER_PORT to another port.`,
    );
  if (code === 'EACCES')
    return new OperatorError(
      `Port ${port} needs privileges that this process does not have. Set OUTRIDER_PORT to a port above 1023.`,
    );
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new OperatorError(
      `${host} is not an address of this machine. Set OUTRIDER_HOST to an address of this machine, or to 0.0.0.0.`,
    );
  return undefined;
}
