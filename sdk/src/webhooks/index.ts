/** `@outrider/sdk/webhooks`: verification of received webhooks. Requires node:crypto: Node, Bun, Deno, Cloudflare Workers with `nodejs_compat`. */
export { verify } from './verify.ts';
export type { VerifyOptions } from './verify.ts';
export type { WebhookHeaders } from './headers.ts';
export { WebhookVerificationError } from './verification-error.ts';
export type { VerificationFailure } from './verification-error.ts';
export type { DeliveredEvent, Dialect, WebhookEvent } from './webhook-event.ts';
export type * from './event-types.ts';
