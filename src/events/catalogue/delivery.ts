import { z } from 'zod';
import { builtIn, count, example, id, moment, text } from './built-in.ts';

/** Told by the delivery engine of itself; nobody else may publish these. */
export const deliveries = {
  'webhook.test': builtIn(
    'Sent on request, to see whether a receiver answers.',
    z.object({ endpoint_id: id('endpoint'), message: text }),
    {
      endpoint_id: example.endpoint,
      message: 'A test from Outrider. Nothing happened.',
    },
  ),
  'endpoint.disabled': builtIn(
    'An endpoint was disabled because deliveries to it kept failing, or because it answered 410. Its deliveries are held from then on.',
    z.object({
      endpoint_id: id('endpoint'),
      target_url: text,
      reason: text,
      disabled_at: moment,
      last_error: text.nullable(),
    }),
    {
      endpoint_id: example.endpoint,
      target_url: 'https://receiver.example/hooks',
      reason: 'exhausted',
      disabled_at: example.later,
      last_error: 'The receiver answered 500.',
    },
  ),
  'delivery.exhausted': builtIn(
    'A delivery failed for good; it is not attempted again by itself.',
    z.object({
      delivery_id: id('delivery'),
      endpoint_id: id('endpoint'),
      event_id: id('event'),
      event_type: text,
      attempts: count,
      last_error: text.nullable(),
      reason: text.describe(
        '`exhausted`: its schedule is used up. `gone`: the receiver answered 410. `expired`: it was still pending or held at the end of the retention.',
      ),
    }),
    {
      delivery_id: example.delivery,
      endpoint_id: example.endpoint,
      event_id: example.event,
      event_type: 'email.bounced',
      attempts: 6,
      last_error: 'The receiver answered 500.',
      reason: 'exhausted',
    },
  ),
};
