import type { Route } from '../../http/route.ts';
import { selfTestRoutes } from './routes.ts';
import { createSelfTests as create } from './self-tests.ts';
import type { SelfTests as Functions, SelfTestsOptions } from './self-tests.ts';

export interface SelfTests extends Pick<Functions, 'onOwnCopies' | 'onSentRead'> {
  readonly routes: readonly Route[];
}

/**
 * Composes the slice.
 * @example
 * const selfTests = createSelfTests({ ...deps, mailboxes, domains, sending });
 */
export function createSelfTests(options: SelfTestsOptions): SelfTests {
  const selfTests = create(options);
  return { ...selfTests, routes: selfTestRoutes(selfTests, options.clock) };
}
