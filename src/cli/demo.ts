import { campaignDemo } from './demo-campaign.ts';
import { warmupDemo } from './demo-warmup.ts';
import { webhooksDemo } from './demo-webhooks.ts';

/** Shows the product in a temporary folder: a campaign from the first message to the last, a month of warm-up, or deliveries alone. */
export const demoCommand = (options: {
  warmup: boolean;
  webhooks: boolean;
  events: string | undefined;
}): Promise<void> =>
  options.warmup
    ? warmupDemo()
    : options.webhooks || options.events !== undefined
      ? webhooksDemo(options.events)
      : campaignDemo();
