import type { CampaignStep } from '@outrider/sdk';
import { counted } from '../../../components/format.ts';

/** How long a step waits after the one before. */
export function waitWord({
  number,
  delay_days: days,
  delay_hours: hours,
  business_days: business,
}: Pick<CampaignStep, 'number' | 'delay_days' | 'delay_hours' | 'business_days'>): string {
  const parts = [
    ...(days === 0 ? [] : [counted(days, business ? 'business day' : 'day')]),
    ...(hours === 0 ? [] : [counted(hours, 'hour')]),
  ];
  if (parts.length === 0) return number === 1 ? 'at once' : 'at once after the step before';
  return parts.join(' and ');
}
