import { z } from 'zod';
import type { WorkspaceId } from '../../base/ids.ts';
import { mustBeWellFormed } from '../../base/validation-messages.ts';
import { campaignIcpInput } from '../icp/index.ts';
import { defaultSchedule, scheduleSchema } from '../schedule/index.ts';

/** What callers say about campaigns. */

export const mailboxesMax = 1_000;
export const stepsMax = 50;
export const variantsMax = 20;
/** Characters of all texts of a campaign. */
export const textMax = 1_000_000;
/** A longer one is cut off by some readers of mail: Gmail shows 102 KB. */
const bodyMax = 100_000;

const unprintable = /[\p{Cc}\u2028\u2029]/u;
const line = (max: number): z.ZodString =>
  z
    .string()
    .max(max)
    .refine((text) => !unprintable.test(text), 'must be one line without control characters')
    .refine((text) => text.isWellFormed(), mustBeWellFormed) as z.ZodString;
const prose = (max: number): z.ZodString =>
  z
    .string()
    .max(max)
    .refine((text) => text.isWellFormed(), mustBeWellFormed) as z.ZodString;

export const nameField = line(200).min(1, 'must not be empty');
export const contextField = prose(20_000);
export const subjectField = line(1_000);
export const bodyField = prose(bodyMax);
export const delayDaysField = z.int().min(0).max(365);
export const delayHoursField = z.int().min(0).max(23);

export const dailyLimitField = z.int().min(1).max(1_000_000);

/** An empty text is the step's. */
const variantInput = z.strictObject({
  id: z.string().max(100).optional().describe('Of a variant that stays; a variant without an id is new.'),
  subject: subjectField.nullable().default(null).describe('Null or empty: the subject of the step.'),
  body: bodyField.nullable().default(null).describe('Null or empty: the body of the step.'),
  weight: z.int().min(0).max(1_000).default(1).describe('Its share among the enabled variants.'),
  enabled: z.boolean().default(true).describe('A disabled one keeps its figures.'),
});
export type VariantInput = z.output<typeof variantInput>;

const hasWeight = (variants: readonly VariantInput[]): boolean => {
  const enabled = variants.filter((variant) => variant.enabled);
  return enabled.length === 0 || enabled.some(({ weight }) => weight > 0);
};
export const variantsField = z
  .array(variantInput)
  .max(variantsMax, `must have at most ${variantsMax} items: a result takes about 100 messages of each variant`)
  .refine(hasWeight, 'must contain an enabled variant whose weight is above 0');

export const stepInput = z.strictObject({
  id: z.uuid().optional().describe('Of a step that stays; a step without an id is new.'),
  name: line(200).nullable().default(null),
  subject: subjectField
    .nullable()
    .default(null)
    .describe('Null or empty: answers in the thread of the step before. Liquid and spintax.'),
  body: bodyField.min(1, 'must not be empty').describe('Liquid and spintax.'),
  format: z.enum(['text', 'html']).default('text'),
  delay_days: delayDaysField
    .optional()
    .describe('Since the step before was accepted by a server. Default: 0 for the first step, 1 for others.'),
  delay_hours: delayHoursField.default(0),
  business_days: z.boolean().default(false).describe('`delay_days` counts Monday to Friday, without holidays.'),
  send_only_if_no_reply: z.boolean().default(true).describe('Not sent to a lead that has replied.'),
  variants: variantsField.default([]).describe('A/B texts. Each lead gets one, and keeps it.'),
});
export type StepInput = z.output<typeof stepInput>;

const sequence = z.array(stepInput).max(stepsMax);

const tracking = z.strictObject({
  opens: z.boolean().default(false).describe('Adds a pixel to HTML messages.'),
  clicks: z.boolean().default(false).describe('Leads links over the tracking host.'),
});
const stop = z.strictObject({
  on_reply: z.boolean().default(true).describe('A reply by a person stops the lead.'),
  company: z
    .enum(['off', 'campaign', 'workspace'])
    .default('campaign')
    .describe('Whether a reply or a meeting stops the other leads of the company, too, and where.'),
});

/** Fields that can be changed later, without defaults. */
const fields = {
  name: nameField,
  goal: prose(10_000).nullable(),
  context: contextField.nullable().describe('What a person or a model should know to write for this campaign.'),
  mailbox_ids: z.array(z.uuid()).max(mailboxesMax),
  sequence,
  schedule: scheduleSchema.describe('When it sends. Default: Monday to Friday, 09:00 to 17:00, in UTC.'),
  daily_limit: dailyLimitField
    .nullable()
    .describe('Messages in a day of `schedule.timezone`. Null: only the limits of mailboxes.'),
  new_leads_limit: dailyLimitField.nullable().describe('Of these, to leads that were not contacted before.'),
  tracking: tracking.describe('Default: off.'),
  stop: stop.describe('What stops a lead, beside an unsubscribe, a bounce and a complaint, which always do.'),
  unsubscribe: z
    .enum(['header', 'body', 'both'])
    .describe('Where recipients can unsubscribe. `body`: the texts contain `{{unsubscribe_url}}`. Default: `header`.'),
  topic_id: z
    .uuid()
    .nullable()
    .describe(
      'The topic of its mail, of the same workspace or of the organization: recipients who unsubscribe leave the topic, and can stop all mail on the page. Null: they stop all mail.',
    ),
  verification: z
    .enum(['deliverable', 'risky', 'off'])
    .describe(
      'Which addresses are contacted: verified ones, those at risk too, or any without a check. Default: `risky`.',
    ),
  cooldown_days: z
    .int()
    .min(0)
    .max(365)
    .describe('A person whom another campaign wrote to is not contacted for so many days. 0: no rule. Default: 30.'),
  company_max: z
    .int()
    .min(0)
    .max(1_000)
    .describe('Leads of one company that are contacted at the same time. 0: no rule. Default: 3.'),
  new_leads_first: z.boolean().describe('New leads come before follow-ups. Default: false.'),
  starts_at: z.iso.datetime({ offset: true }).nullable().describe('A launch before that time waits for it.'),
};

/** The fields of `POST /v1/campaigns`; who creates campaigns adds the leads. */
export const campaignFields = {
  name: fields.name,
  goal: fields.goal.default(null),
  context: fields.context.default(null),
  workspace_id: z.uuid().nullable().default(null).describe('Default: the workspace that the key is bound to, if any.'),
  icp: campaignIcpInput
    .optional()
    .describe(
      'Whom the campaign is for; `{}` is everybody. Members replace those of the ICP of the workspace. The result is kept as it is now; it may have further members.',
    ),
  mailbox_ids: fields.mailbox_ids.default([]),
  sequence: fields.sequence.default([]),
  schedule: fields.schedule.default(defaultSchedule),
  daily_limit: fields.daily_limit.default(null),
  new_leads_limit: fields.new_leads_limit.default(null),
  tracking: fields.tracking.default({ opens: false, clicks: false }),
  stop: fields.stop.default({ on_reply: true, company: 'campaign' }),
  unsubscribe: fields.unsubscribe.default('header'),
  topic_id: fields.topic_id.default(null),
  verification: fields.verification.default('risky'),
  cooldown_days: fields.cooldown_days.default(30),
  company_max: fields.company_max.default(3),
  new_leads_first: fields.new_leads_first.default(false),
  starts_at: fields.starts_at.default(null),
};
const newCampaign = z.strictObject(campaignFields);
/** A campaign that is to be created. */
export type CampaignInput = Omit<z.output<typeof newCampaign>, 'workspace_id'> & {
  readonly workspace_id: WorkspaceId | null;
};

/** A campaign for which only this is said. */
export const campaignInput = (given: z.input<typeof newCampaign>): CampaignInput =>
  newCampaign.parse(given) as CampaignInput;

/** Whom the leads of a mailbox that is removed belong to: `PATCH /v1/campaigns/:id`. */
const leaving = {
  reassign_to: z
    .uuid()
    .optional()
    .describe('Leads of a mailbox that is removed continue from this one, in a new thread.'),
  finish: z.literal(true).optional().describe('Leads of a mailbox that is removed get nothing more.'),
};

export const campaignChange = z.strictObject({
  ...z.strictObject(fields).partial().shape,
  ...leaving,
  reopen_finished: z
    .literal(true)
    .optional()
    .describe('Leads that have finished get the steps that this change appends.'),
});
export type CampaignChange = z.output<typeof campaignChange>;
