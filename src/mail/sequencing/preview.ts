import { ApiError, invalid } from '../../base/errors.ts';
import type { MailboxId } from '../../base/ids.ts';
import type { Queryable } from '../../db/pool.ts';
import type { Principal } from '../../http/route.ts';
import { stepsOf } from '../campaigns/index.ts';
import type { Campaign } from '../campaigns/index.ts';
import type { Lead } from '../leads/index.ts';
import type { MailboxState } from '../mailboxes/index.ts';
import { messageIdOf } from '../mime/index.ts';
import type { Sending } from '../sending/index.ts';
import type { Composed, Refused } from './compose.ts';
import { decide } from './gates.ts';
import type { LaunchOptions } from './launch.ts';
import { seedsOf } from './send-key.ts';
import { consider } from './take.ts';
import type { TakeOptions, ToCompose } from './take.ts';

export interface PreviewOptions
  extends LaunchOptions, Pick<TakeOptions, 'vault' | 'composeAll' | 'suppressions' | 'topics'> {
  readonly sending: Pick<Sending, 'bytesOf'>;
}

/**
 * Composes and builds a step for a lead as the claim would now, and names what holds the lead back.
 * @throws ApiError `not_found`; `validation_failed` for a step that does not exist; `conflict` without a mailbox or contact
 */
export async function preview(
  options: PreviewOptions,
  principal: Principal,
  id: string,
  leadId: string,
  number: number,
) {
  const { db, campaigns, leads, mailboxes, nowOf } = options;
  const campaign = await campaigns.get(principal, id);
  const lead = await leads.records.lead(principal, leadId);
  if (lead.campaign_id !== campaign.id) throw invalid({ lead_id: 'must be a lead of the campaign' });
  const steps = await stepsOf(db, [id]);
  const step = steps[number - 1];
  if (step === undefined) throw invalid({ step: 'must be the number of a step of the campaign' });
  const nowMs = await nowOf(db, campaign.organization_id);
  const ids: readonly MailboxId[] =
    lead.mailbox_id === null ? ((await campaigns.mailboxesOf(db, [id])).get(id) ?? []) : [lead.mailbox_id];
  const mailbox = (await mailboxes.settingsOf(db, ids)).find((row) => row.deleted_at === null);
  if (mailbox === undefined) throw new ApiError('conflict', 'The campaign has no mailbox. Add one.');
  // The steps before it, which the lead will have received by then, begin the thread.
  const ahead = [...steps.slice(lead.step, number - 1), step];
  const all = await toCompose(options, db, campaign, lead, mailbox, ahead);
  const asked = all.at(-1);
  if (asked === undefined) throw new ApiError('conflict', 'The contact of the lead was deleted.');
  const message = (await options.composeAll(db, all)).at(-1);
  const [considered] = await consider(options, db, [campaign], [lead], nowMs, () => mailbox);
  const decision = considered === undefined ? undefined : decide(considered.snapshot, nowMs);
  const held = decision !== undefined && (decision.kind === 'skip' || decision.kind === 'wait') ? decision : undefined;
  const untilMs = held?.kind === 'wait' ? held.untilMs : null;
  const isMessage = message?.kind === 'message';
  const built = await builtOf(options, asked, message, nowMs);
  return {
    mailbox_id: mailbox.id,
    variant: isMessage ? message.variant : null,
    subject: isMessage ? message.content.subject : null,
    text: isMessage ? message.content.text : null,
    html: isMessage ? message.content.html : null,
    headers: isMessage ? message.content.headers : {},
    message_id: messageIdOf(asked.sendKey, mailbox.domain),
    in_reply_to: isMessage ? (message.inReplyTo ?? null) : null,
    references: isMessage ? (message.content.references ?? []) : [],
    date: new Date(nowMs).toISOString(),
    raw: built?.raw?.toString('latin1') ?? null,
    earliest: untilMs === null ? null : new Date(untilMs).toISOString(),
    blockers: [
      ...(held === undefined ? [] : [{ code: held.reason ?? 'delay', detail: null }]),
      ...(message?.kind === 'refused' ? [{ code: message.reason, detail: message.detail }] : []),
      ...(built?.problem === undefined ? [] : [{ code: 'failed', detail: built.problem }]),
    ],
  };
}

/** What composing steps for a lead needs; nothing for a lead without a contact. */
async function toCompose(
  { vault, contactsOf }: Pick<PreviewOptions, 'vault' | 'contactsOf'>,
  on: Queryable,
  campaign: Campaign,
  lead: Lead,
  mailbox: MailboxState,
  steps: readonly ToCompose['step'][],
): Promise<ToCompose[]> {
  const organization = campaign.organization_id;
  const ids = lead.contact_id === null ? [] : [lead.contact_id];
  const [contact] = await contactsOf(on, { organizationId: organization }, ids);
  if (contact === undefined) return [];
  const seeds = await seedsOf(
    vault,
    on,
    organization,
    steps.map(({ id }) => ({ leadId: lead.id, stepId: id })),
  );
  return seeds.flatMap((seed, index) => {
    const step = steps[index];
    return step === undefined ? [] : [{ lead, campaign, step, mailbox, contact, ...seed }];
  });
}

/** The bytes of a composed message, or why there are none; undefined if it was not composed. */
async function builtOf(
  { sending }: PreviewOptions,
  { mailbox, lead, sendKey }: ToCompose,
  message: Composed | Refused | undefined,
  nowMs: number,
): Promise<{ readonly raw?: Buffer; readonly problem?: string } | undefined> {
  if (message?.kind !== 'message') return undefined;
  const toBuild = {
    mailbox,
    purpose: 'campaign',
    from: mailbox.email,
    to: lead.email,
    messageId: messageIdOf(sendKey, mailbox.domain),
    inReplyTo: message.inReplyTo ?? null,
    content: message.content,
  } as const;
  try {
    return { raw: await sending.bytesOf(toBuild, new Date(nowMs)) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { problem: `It cannot be built: ${error.message}` };
  }
}
