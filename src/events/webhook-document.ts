import { z } from 'zod';
import { canonicalTypes } from '../dialects/canonical.ts';
import type { CanonicalType } from '../dialects/canonical.ts';
import { dialects } from '../dialects/registry.ts';
import type { EventId, OrganizationId } from '../ids.ts';
import { catalogue } from './catalogue.ts';
import { example } from './catalogue/built-in.ts';

/** One entry of the API document's `webhooks`: what a receiver is sent. */
export interface WebhookOperation {
  readonly summary: string;
  readonly description: string;
  readonly schema: z.ZodType;
  readonly example: unknown;
}

const moment = z.iso.datetime();
const sandbox = z.literal(true).optional().describe('Only in deliveries of a sandbox.');

/** The body of every built-in type, by its name: in the `defrost` dialect, which is the default, or in `standard` where Defrost has no such event. */
export function webhookOperations(): Readonly<Record<string, WebhookOperation>> {
  return Object.fromEntries(canonicalTypes.map((type) => [type, operationOf(type)]));
}

function operationOf(type: CanonicalType): WebhookOperation {
  const { description, data } = catalogue[type];
  const name = dialects.defrost.eventName(type);
  return {
    summary: description,
    description:
      name === undefined
        ? 'For endpoints of the dialect `standard`; `defrost` has no such event.'
        : `For endpoints of the dialect \`defrost\`${name === type ? '' : `, by the name of \`${name}\``}; in \`standard\` the body is {"type","timestamp","data"}.`,
    schema:
      name === undefined
        ? z.object({ type: z.literal(type), timestamp: moment, sandbox, data })
        : z.object({ event: z.literal(name), occurred_at: moment, organization_id: z.uuid(), sandbox, data }),
    example: bodyOf(type, name === undefined ? 'standard' : 'defrost'),
  };
}

/** As the dialect itself says it. */
function bodyOf(type: CanonicalType, dialect: keyof typeof dialects): unknown {
  const body = dialects[dialect].body({
    id: example.event as EventId,
    organizationId: example.organization as OrganizationId,
    type,
    data: Buffer.from(JSON.stringify(catalogue[type].example)),
    occurredAtMs: Date.parse(example.later),
    sandbox: false,
  });
  return JSON.parse(body.toString());
}
