/** `@outrider/sdk/webhooks`: for receivers. Needs node:crypto, which Node, Bun, Deno and Cloudflare Workers (`nodejs_compat`) have. */
export { verify } from './verify.ts';
export type { VerifyOptions } from './verify.ts';
export type { WebhookHeaders } from './headers.ts';
export { WebhookVerificationError } from './verification-error.ts';
export type { VerificationFailure } from './verification-error.ts';
export type { DeliveredEvent, Dialect, WebhookEvent } from './webhook-event.ts';
export type * from './event-types.ts';
