import { Resources } from './resources.ts';
import { Transport } from './transport.ts';
import type { OutriderOptions } from './transport.ts';

/**
 * A client of Outrider's API. All calls use one API key.
 *
 * @example
 * ```ts
 * import { Outrider } from '@outrider/sdk';
 *
 * const outrider = new Outrider({ baseUrl: 'https://outrider.example', apiKey: process.env['OUTRIDER_KEY'] ?? '' });
 * await outrider.events.publish({ event: 'order.paid', data: { order_id: 'A-1042' } });
 * ```
 */
export class Outrider extends Resources {
  /** @throws TypeError when `baseUrl` is not a URL, or when `apiKey` is not printable ASCII, or is missing outside of a browser. */
  constructor(options: OutriderOptions) {
    super(new Transport(options));
  }
}
