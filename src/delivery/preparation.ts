import type { AccessTokens } from './access-tokens.ts';
import { eventFor } from './attempt.ts';
import type { Endpoint } from './endpoint.ts';
import type { Item } from './lane.ts';
import type { BodyRenderer } from './templates/renderer.ts';
import type { SendResult } from './transport/sender.ts';

/** Why an attempt cannot be made. */
export type Unprepared = Extract<SendResult, { readonly kind: 'failed' }>;

/**
 * Gets what an attempt needs before it takes a slot: an access token, and the body of a template.
 * @returns undefined if it has both; otherwise resolves when it has, or with the reason why it has not.
 */
export function prepare(
  { tokens, templates }: { readonly tokens: AccessTokens; readonly templates: BodyRenderer },
  endpoint: Endpoint,
  item: Item,
): Promise<Unprepared | undefined> | undefined {
  const { oauth2, template } = endpoint;
  if (oauth2 !== undefined && tokens.current(oauth2) === undefined)
    return tokens
      .obtain(oauth2)
      .then((obtained) => (obtained.ok ? undefined : { ...obtained, kind: 'failed', reason: 'token' }));
  const { bodies } = item.event;
  if (template === undefined || bodies.has(template)) return undefined;
  return templates.render(template, eventFor(endpoint, item)).then((rendered) => {
    if (rendered.kind === 'failed')
      return {
        kind: 'failed',
        reason: 'template',
        message: `No body was made from the template: ${rendered.message}.`,
        durationMs: 0,
      };
    bodies.set(template, Buffer.from(rendered.text));
    return undefined;
  });
}
