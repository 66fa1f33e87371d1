import { Resources } from './resources.ts';
import { Transport } from './transport.ts';
import type { OutriderOptions } from './transport.ts';

/** Outrider's API with one key. */
export class Outrider extends Resources {
  /** @throws TypeError when the base URL is none, or there is no key. */
  constructor(options: OutriderOptions) {
    super(new Transport(options));
  }
}
