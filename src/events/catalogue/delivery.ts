import { z } from 'zod';
import { builtIn, count, example, id, moment, text } from './built-in.ts';

/** Events of the delivery engine; callers cannot publish them. */
export const deliveries = {
  'webhook.test': builtIn(
    'Sent on request, to test whether a receiver answers.',
    z.object({ endpoint_id: id('endpoint'), message: text }),
    {
      endpoint_id: example.endpoint,
      message: 'A test from Outrider. Nothing happened.',
    },
  ),
  'endpoint.disabled': builtIn(
    'An endpoint was disabled because deliveries to it kept failing, or because it answered 410. New deliveries to it are held.',
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
  'endpoint.failing': builtIn(
    'Several attempts to reach an endpoint failed in a row, and nothing was delivered to it for a minute. It is still tried. At most once an hour for each endpoint.',
    z.object({
      endpoint_id: id('endpoint'),
      target_url: text,
      consecutive_failures: count,
      failing_since: moment.describe('Time of the failure by which it was noticed.'),
      last_delivered_at: moment.nullable(),
      last_error: text.nullable(),
    }),
    {
      endpoint_id: example.endpoint,
      target_url: 'https://receiver.example/hooks',
      consecutive_failures: 5,
      failing_since: example.later,
      last_delivered_at: example.at,
      last_error: 'The receiver answered 500.',
    },
  ),
  'endpoint.recovered': builtIn(
    'Something was delivered to an endpoint again, after `endpoint.failing`.',
    z.object({ endpoint_id: id('endpoint'), target_url: text, failing_since: moment, recovered_at: moment }),
    {
      endpoint_id: example.endpoint,
      target_url: 'https://receiver.example/hooks',
      failing_since: example.at,
      recovered_at: example.later,
    },
  ),
  'delivery.exhausted': builtIn(
    'A delivery failed and will not be retried automatically.',
    z.object({
      delivery_id: id('delivery'),
      endpoint_id: id('endpoint'),
      event_id: id('event'),
      event_type: text,
      attempts: count,
      last_error: text.nullable(),
      reason: text.describe(
        '`exhausted`: the retry schedule was exhausted. `gone`: the receiver answered 410. `expired`: the delivery was still pending or held when its event passed retention.',
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
