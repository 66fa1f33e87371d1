import { z } from 'zod';

/** Parts of the schemas of delivery bodies, for the API document. */
export const timestamp = z.iso.datetime();
export const sandbox = z.literal(true).optional().describe('Only in deliveries from a sandbox.');

/** The body that `namedEnvelope` of wire-parts.ts makes. Only its example shows the fields of `data`. */
export const namedBody = (name: string): z.ZodType =>
  z.object({ event: z.literal(name), timestamp, sandbox, data: z.looseObject({}) });
