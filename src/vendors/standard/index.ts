import { z } from 'zod';
import { catalogue } from '../../events/index.ts';
import { sandbox, timestamp } from '../delivery-body.ts';
import type { Vendor } from '../vendor.ts';
import { standard as wire } from './wire.ts';

const workspaceId = z.uuid().optional().describe('The workspace of the event, if it has one.');

/** Standard Webhooks, managed by the native API. */
export const standard: Vendor = {
  wire,
  deliveryBody: (type, name) =>
    z.object({ type: z.literal(name), timestamp, workspace_id: workspaceId, sandbox, data: catalogue[type].data }),
};
