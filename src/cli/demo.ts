import { campaignDemo } from './demo-campaign.ts';
import { webhooksDemo } from './demo-webhooks.ts';

/** Shows the product in a temporary folder: a campaign from the first message to the last, or deliveries alone. */
export const demoCommand = (options: { webhooks: boolean; events: string | undefined }): Promise<void> =>
  options.webhooks || options.events !== undefined ? webhooksDemo(options.events) : campaignDemo();
