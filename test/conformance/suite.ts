import { describe } from 'node:test';
import { deliveries } from './deliveries.ts';
import type { Dialect } from './dialect.ts';
import { mailboxes } from './mailboxes.ts';
import { quotas } from './quotas.ts';
import { refusals } from './refusals.ts';
import { registration } from './registration.ts';
import { retries } from './retries.ts';

/** What the integrations of a vendor rely on, tested on the whole running product. */
export function conformance(dialect: Dialect): void {
  describe(`conformance of ${dialect.name}`, () => {
    registration(dialect);
    refusals(dialect);
    deliveries(dialect);
    retries(dialect);
    quotas(dialect);
    mailboxes(dialect);
  });
}
