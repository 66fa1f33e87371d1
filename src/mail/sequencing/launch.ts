import { ApiError } from '../../base/errors.ts';
import type { MailboxId, OrganizationId } from '../../base/ids.ts';
import type { Contact } from '../../crm/contacts/index.ts';
import type { Database, Queryable, Transaction } from '../../db/pool.ts';
import type { Principal } from '../../http/route.ts';
import { totalsOf } from '../analytics/index.ts';
import { stepsOf } from '../campaigns/index.ts';
import type { Campaign, CampaignInput, Campaigns } from '../campaigns/index.ts';
import { firstLeads, unfinishedAdditions } from '../leads/index.ts';
import type { Lead, Leads } from '../leads/index.ts';
import type { Mailboxes, MailboxState } from '../mailboxes/index.ts';
import type { Tracking } from '../tracking/index.ts';
import { saveSendNow } from './queries.ts';
import { seedsOf } from './send-key.ts';
import type { TakeOptions, ToCompose } from './take.ts';
import { validate } from './validation.ts';
import type { Validation } from './validation.ts';

export interface LaunchOptions extends Pick<TakeOptions, 'vault' | 'contactsOf' | 'composeAll'> {
  readonly db: Database;
  readonly campaigns: Pick<Campaigns, 'get' | 'create' | 'activate' | 'wake' | 'lock' | 'mailboxesOf'>;
  readonly leads: Pick<Leads, 'records'>;
  readonly mailboxes: Pick<Mailboxes, 'settingsOf'>;
  readonly tracking: Pick<Tracking, 'hostsOf'>;
  readonly nowOf: (on: Queryable, organization: OrganizationId) => Promise<number>;
}

/** Whom a new campaign is for. */
export interface Audience {
  readonly contactIds?: readonly string[] | undefined;
  readonly filter?: Parameters<Leads['records']['startIn']>[2] | undefined;
}

/** Leads of which the first message is composed before a launch. */
const samplesMax = 200;

export type Launching = ReturnType<typeof createLaunching>;

/** Validates, launches and hurries campaigns. */
export function createLaunching(options: LaunchOptions) {
  const { db, campaigns, leads, nowOf } = options;

  /** @throws ApiError `validation_failed` with what stops it */
  async function launchIn(tx: Transaction, campaign: Campaign, acceptsWarnings: boolean): Promise<void> {
    const nowMs = await nowOf(tx, campaign.organization_id);
    const found = await validation(options, tx, campaign, nowMs);
    const stopping = acceptsWarnings ? found.errors : [...found.errors, ...found.warnings];
    if (stopping.length > 0)
      throw new ApiError('validation_failed', 'The campaign cannot be launched.', {
        details: Object.fromEntries(stopping.map(({ field, message }) => [field, message])),
      });
    await campaigns.activate(tx, campaign.id, nowMs);
  }

  return {
    /**
     * Creates a campaign, adds its leads and, if asked for, launches it: all of it or nothing.
     * @throws ApiError
     */
    create: (principal: Principal, input: CampaignInput, audience: Audience, launches: boolean): Promise<Campaign> =>
      db.transaction(async (tx) => {
        const campaign = await campaigns.create(tx, principal, input);
        if (audience.contactIds !== undefined) await leads.records.addIn(tx, campaign, audience.contactIds);
        if (audience.filter !== undefined) await leads.records.startIn(tx, campaign, audience.filter);
        if (launches) await launchIn(tx, campaign, true);
        return campaigns.get(principal, campaign.id, tx);
      }),

    /** @throws ApiError `not_found` */
    async validate(principal: Principal, id: string): Promise<Validation> {
      const campaign = await campaigns.get(principal, id);
      return validation(options, db, campaign, await nowOf(db, campaign.organization_id));
    },

    /** @throws ApiError `not_found`; `conflict`; `validation_failed` with what stops it */
    launch: (principal: Principal, id: string, acceptsWarnings: boolean): Promise<Campaign> =>
      db.transaction(async (tx) => {
        await launchIn(tx, await campaigns.get(principal, id, tx), acceptsWarnings);
        return campaigns.get(principal, id, tx);
      }),

    /** Sends what is due now outside the windows, too. @throws ApiError `not_found`; `conflict` if it is not active */
    send: (principal: Principal, id: string): Promise<Campaign> =>
      db.transaction(async (tx) => {
        const { organization_id: organization } = await campaigns.get(principal, id, tx);
        const nowMs = await nowOf(tx, organization);
        await campaigns.wake(tx, [id]);
        const [row] = await campaigns.lock(tx, [id]);
        if (row?.status !== 'active')
          throw new ApiError('conflict', 'The campaign is not active. Launch or resume it first.');
        await saveSendNow(tx, id, new Date(nowMs));
        return campaigns.get(principal, id, tx);
      }),
  };
}

async function validation(
  options: LaunchOptions,
  on: Queryable,
  campaign: Campaign,
  nowMs: number,
): Promise<Validation> {
  const steps = await stepsOf(on, [campaign.id]);
  const ids = (await options.campaigns.mailboxesOf(on, [campaign.id])).get(campaign.id) ?? [];
  const mailboxes = (await mailboxesOf(options, on, ids)).filter((mailbox) => mailbox.deleted_at === null);
  const totals = await totalsOf(on, [campaign.id]);
  const sampled = await firstLeads(on, campaign.id, samplesMax);
  const [first] = steps;
  const [mailbox] = mailboxes;
  const asked =
    first === undefined || mailbox === undefined
      ? []
      : await toCompose(options, on, campaign, sampled, () => [first, mailbox]);
  const messages = await options.composeAll(on, asked);
  const hosts = await options.tracking.hostsOf(on, mailboxes);
  return validate({
    campaign,
    steps,
    mailboxes,
    untracked: mailboxes.filter(({ id }) => (hosts.get(id)?.tracking ?? null) === null).map(({ email }) => email),
    leads: totals.get(campaign.id)?.leads ?? 0,
    isAdding: (await unfinishedAdditions(on, campaign.id)) > 0,
    samples: asked.flatMap(({ lead }, index) => {
      const message = messages[index];
      return message === undefined ? [] : [{ leadId: lead.id, message }];
    }),
    nowMs,
  });
}

const mailboxesOf = (
  { mailboxes }: Pick<LaunchOptions, 'mailboxes'>,
  on: Queryable,
  ids: readonly MailboxId[],
): Promise<readonly MailboxState[]> => (ids.length === 0 ? Promise.resolve([]) : mailboxes.settingsOf(on, ids));

/** What composing a step for leads needs. Leads without a contact are left out. */
export async function toCompose(
  { vault, contactsOf }: Pick<LaunchOptions, 'vault' | 'contactsOf'>,
  on: Queryable,
  campaign: Campaign,
  leads: readonly Lead[],
  of: (lead: Lead) => readonly [ToCompose['step'], MailboxState],
): Promise<ToCompose[]> {
  const contacts = new Map<string, Contact>(
    (
      await contactsOf(
        on,
        campaign.organization_id,
        leads.flatMap((lead) => lead.contact_id ?? []),
      )
    ).map((contact) => [String(contact.id), contact]),
  );
  const known = leads.flatMap((lead) => {
    const contact = contacts.get(lead.contact_id ?? '');
    const [step, mailbox] = of(lead);
    return contact === undefined ? [] : [{ lead, campaign, step, mailbox, contact }];
  });
  const seeds = await seedsOf(
    vault,
    on,
    campaign.organization_id,
    known.map(({ lead, step }) => ({ leadId: lead.id, stepId: step.id })),
  );
  return known.flatMap((one, index) => {
    const seed = seeds[index];
    return seed === undefined ? [] : [{ ...one, ...seed }];
  });
}
