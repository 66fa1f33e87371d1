import { once } from 'node:events';
import { isIP } from 'node:net';
import { createInterface } from 'node:readline';
import { verdictOf } from '../mail/tracking/index.ts';
import type { HitKind } from '../mail/tracking/index.ts';
import { UsageError, wholeNumber } from './command.ts';

export interface UserAgentOptions {
  readonly ip: string | undefined;
  readonly kind: string | undefined;
  readonly seconds: string | undefined;
}

const secondsMax = 1_000_000_000;

const isKind = (text: string | undefined): text is HitKind | undefined =>
  text === undefined || text === 'open' || text === 'click';

/** Prints a verdict for the user agent, or for each line of standard input. @throws UsageError */
export async function userAgentCommand(
  { ip, kind, seconds }: UserAgentOptions,
  userAgent: string | undefined,
): Promise<void> {
  if (ip !== undefined && isIP(ip) === 0)
    throw new UsageError(`--ip is "${ip}": expected an address such as 203.0.113.24`);
  if (!isKind(kind)) throw new UsageError(`--kind is "${kind}": expected open or click`);
  const known = {
    kind,
    address: ip,
    sinceAcceptedMs: seconds === undefined ? undefined : wholeNumber('--seconds', seconds, 0, secondsMax) * 1_000,
  };
  const lineOf = (text: string): string => `${JSON.stringify(verdictOf({ ...known, userAgent: text }))}\n`;
  if (userAgent !== undefined) return void process.stdout.write(lineOf(userAgent));
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity }))
    if (!process.stdout.write(lineOf(line))) await once(process.stdout, 'drain');
}
