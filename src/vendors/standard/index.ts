import { z } from 'zod';
import { catalogue } from '../../events/index.ts';
import { sandbox, timestamp } from '../delivery-body.ts';
import type { Vendor } from '../vendor.ts';
import { standard as wire } from './wire.ts';

/** Standard Webhooks, managed by the native API. */
export const standard: Vendor = {
  wire,
  deliveryBody: (type, name) => z.object({ type: z.literal(name), timestamp, sandbox, data: catalogue[type].data }),
};
