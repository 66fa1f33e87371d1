import { OperatorError } from '../base/errors.ts';

/** What an operator can do about an address that cannot be had; undefined for any other error. */
export function listenProblem(error: unknown, port: number, host: string): OperatorError | undefined {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  if (code === 'EADDRINUSE')
    return new OperatorError(
      `Port ${port} is in use already. Stop what listens there, or set OUTRIDER_PORT to another.`,
    );
  if (code === 'EACCES')
    return new OperatorError(
      `Port ${port} needs privileges that this process does not have. Set OUTRIDER_PORT to one above 1023.`,
    );
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new OperatorError(
      `${host} is not an address of this machine. Set OUTRIDER_HOST to one that is, or to 0.0.0.0.`,
    );
  return undefined;
}
