import { z } from 'zod';

/** An event type that the product itself emits. */
export interface BuiltInType {
  readonly description: string;
  /** The complete `data`, as the product emits it. */
  readonly data: z.ZodObject;
  /** The `data` of a caller's event of this type: any of the documented fields, with their types, and further ones. */
  readonly published: z.ZodObject;
  readonly example: Readonly<Record<string, unknown>>;
}

export function builtIn<Shape extends z.ZodRawShape>(
  description: string,
  data: z.ZodObject<Shape>,
  example: z.input<z.ZodObject<Shape>>,
): BuiltInType {
  return { description, data, published: data.partial().loose(), example };
}

/** Ids are text, because a caller's event may refer to records of another system. */
export const id = (what: string): z.ZodString => z.string().describe(`Id of the ${what}.`);
export const text = z.string();
export const workspaceId = text.nullable().describe('Null: of the organization, not of a workspace.');
export const count = z.number().int().min(0);
export const moment = z.iso.datetime({ offset: true });
export const day = z.iso.date();
export const cents = z.number().int().describe('In cents.');
export const tags = z.array(z.string());
export const customFields = z.record(z.string(), z.unknown()).describe("The organization's own fields.");
export const by = {
  actor: z
    .object({ type: z.enum(['key', 'user', 'system']), id: text.nullable() })
    .describe('Who did it: an API key, a user, or the product itself.'),
};

/** Shared values, so that all examples describe the same campaign. */
export const example = {
  organization: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c00',
  user: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c01',
  contact: '0199c9f1-7b20-7d02-8f11-3c5a7e90b410',
  company: '0199c9f1-7b20-7d02-8f11-3c5a7e90b411',
  project: '0199c9f1-7b20-7d02-8f11-3c5a7e90b412',
  activity: '0199c9f1-7b20-7d02-8f11-3c5a7e90b413',
  customField: '0199c9f1-7b20-7d02-8f11-3c5a7e90b4c0',
  source: '0199c9f1-7b20-7d02-8f11-3c5a7e90b4d0',
  segment: '0199c9f1-7b20-7d02-8f11-3c5a7e90b4d8',
  key: '0199c9f1-7b20-7d02-8f11-3c5a7e90b4f0',
  import: '0199c9f1-7b20-7d02-8f11-3c5a7e90b4e0',
  merge: '0199c9f1-7b20-7d02-8f11-3c5a7e90b4e8',
  duplicate: '0199c9f1-7b20-7d02-8f11-3c5a7e90b4e9',
  bulkJob: '0199c9f1-7b20-7d02-8f11-3c5a7e90b4f2',
  discoveryJob: '0199c9f1-7b20-7d02-8f11-3c5a7e90b4f6',
  campaign: '0199c9f2-0a44-7e55-b0c3-91d2e7a6f520',
  lead: '0199c9f2-0a44-7e55-b0c3-91d2e7a6f521',
  email: '0199c9f2-0a44-7e55-b0c3-91d2e7a6f522',
  reply: '0199c9f2-0a44-7e55-b0c3-91d2e7a6f523',
  meeting: '0199c9f2-0a44-7e55-b0c3-91d2e7a6f524',
  suppression: '0199c9f2-0a44-7e55-b0c3-91d2e7a6f525',
  topic: '0199c9f2-0a44-7e55-b0c3-91d2e7a6f5b0',
  optOut: '0199c9f2-0a44-7e55-b0c3-91d2e7a6f5b1',
  mailbox: '0199c9f3-4c18-7a9b-8d27-5e0b6c3f8a30',
  endpoint: '0199c9f4-9d3e-7f66-9b48-2f7d1a5c0e40',
  event: '0199c9f4-9d3e-7f66-9b48-2f7d1a5c0e41',
  delivery: '0199c9f4-9d3e-7f66-9b48-2f7d1a5c0e42',
  at: '2026-01-05T09:00:00.000Z',
  later: '2026-01-06T14:21:07.000Z',
  recipient: 'ada@lovelace.example',
  sender: 'grace@hopper.example',
} as const;
export const byExample = { actor: { type: 'user' as const, id: example.user } };
