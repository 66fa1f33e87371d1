import { z } from 'zod';
import { catalogue } from '../../events/index.ts';
import { sandbox, timestamp } from '../delivery-body.ts';
import type { Vendor } from '../vendor.ts';
import { defrost as wire, reasons } from './wire.ts';

const pauseReason = z
  .string()
  .optional()
  .describe('What paused the campaign, if no person did: `bounce_guard`, `complaint_guard`, `domain_auth`, …');

/** Defrost, whose API is the native one. */
export const defrost: Vendor = {
  wire,
  deliveryBody(type, name) {
    const { data } = catalogue[type];
    return z.object({
      event: z.literal(name),
      occurred_at: timestamp,
      organization_id: z.uuid(),
      sandbox,
      data: reasons.has(type) ? data.extend({ reason: z.string(), pause_reason: pauseReason }) : data,
    });
  },
};
