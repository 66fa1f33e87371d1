import { ApiError } from '../../base/errors.ts';
import type { OrganizationId } from '../../base/ids.ts';
import type { Database, Queryable, Transaction } from '../../db/pool.ts';
import type { Principal } from '../../http/route.ts';
import type { Campaign, CampaignInput, Campaigns } from '../campaigns/index.ts';
import type { Discovery, SearchInput } from '../discovery/index.ts';
import type { Leads, Skipped } from '../leads/index.ts';
import { isCapturing } from '../mailboxes/index.ts';
import type { Mailboxes } from '../mailboxes/index.ts';
import { forecastOf } from './outlook.ts';
import type { Outlook } from './outlook.ts';
import { saveSendNow } from './queries.ts';
import type { Validation } from './findings.ts';
import { readDomains, validation } from './validating.ts';
import type { ValidatingOptions } from './validating.ts';

export interface LaunchOptions extends ValidatingOptions {
  readonly db: Database;
  readonly campaigns: Pick<
    Campaigns,
    'get' | 'create' | 'activate' | 'wake' | 'lock' | 'mailboxesOf' | 'rowsOf' | 'stepsOf'
  >;
  readonly leads: Pick<Leads, 'records'>;
  readonly mailboxes: Pick<Mailboxes, 'settingsOf'>;
  readonly nowOf: (on: Queryable, organization: OrganizationId) => Promise<number>;
  /** Starts a search for leads. @throws ApiError `validation_failed`, `conflict` */
  readonly discover: Discovery['startIn'];
}

/** Whom a new campaign is for. */
export interface Audience {
  readonly contactIds?: readonly string[] | undefined;
  readonly matching?: Parameters<Leads['records']['startIn']>[2] | undefined;
  /** A search for people who match the profile of the campaign. */
  readonly search?: SearchInput | undefined;
}

/** A new campaign, and what became of the contacts that the request names. */
export interface Created {
  readonly campaign: Campaign;
  readonly leads: { readonly added: number; readonly skipped: readonly Skipped[] } | undefined;
}

export type Launching = ReturnType<typeof createLaunching>;

/** Validates, launches and hurries campaigns. */
export function createLaunching(options: LaunchOptions) {
  const { db, campaigns, leads, nowOf } = options;

  /** @throws ApiError `validation_failed` with what stops it */
  async function launchIn(tx: Transaction, campaign: Campaign, acceptsWarnings: boolean): Promise<void> {
    const nowMs = await nowOf(tx, campaign.organization_id);
    const { mailboxes, errors, warnings } = await validation(options, tx, campaign, nowMs);
    // What is sent into the capture box reaches nobody.
    const accepts = acceptsWarnings || mailboxes.every((mailbox) => isCapturing(mailbox));
    const stopping = accepts ? errors : [...errors, ...warnings];
    if (stopping.length > 0)
      throw new ApiError('validation_failed', 'The campaign cannot be launched.', {
        details: Object.fromEntries(
          [...Map.groupBy(stopping, ({ field }) => field)].map(([field, own]) => [
            field,
            own.map(({ message }) => message).join(' '),
          ]),
        ),
        members: { errors, warnings },
      });
    await campaigns.activate(tx, campaign.id, nowMs);
  }

  return {
    launchIn,

    /**
     * Creates a campaign, adds its leads and, if asked for, launches it: all of it or nothing.
     * @throws ApiError
     */
    create: (principal: Principal, input: CampaignInput, audience: Audience, launches: boolean): Promise<Created> =>
      db.transaction(async (tx) => {
        const campaign = await campaigns.create(tx, principal, input);
        const { contactIds } = audience;
        const added =
          contactIds === undefined ? undefined : await leads.records.addIn(tx, campaign, contactIds, principal);
        if (audience.matching !== undefined) await leads.records.startIn(tx, campaign, audience.matching, principal);
        if (audience.search !== undefined) {
          const { workspace_id: workspaceId } = campaign;
          await options.discover(tx, principal, { campaign, workspaceId }, audience.search, 'discover.');
        }
        if (launches) await launchIn(tx, campaign, true);
        return { campaign: await campaigns.get(principal, campaign.id, tx), leads: added };
      }),

    /** @throws ApiError `not_found` */
    async validate(
      principal: Principal,
      id: string,
    ): Promise<Validation & { readonly forecast: Omit<Outlook, 'days'> }> {
      const campaign = await campaigns.get(principal, id);
      await readDomains(options, campaign);
      const nowMs = await nowOf(db, campaign.organization_id);
      const { errors, warnings, leads: counts } = await validation(options, db, campaign, nowMs);
      const { days: _, ...forecast } = await forecastOf(options, db, campaign, nowMs);
      return { errors, warnings, leads: counts, forecast };
    },

    /** @throws ApiError `not_found`; `conflict`; `validation_failed` with what stops it */
    async launch(principal: Principal, id: string, acceptsWarnings: boolean): Promise<Campaign> {
      // Not in the transaction: name servers may be slow.
      if (!acceptsWarnings) await readDomains(options, await campaigns.get(principal, id));
      return db.transaction(async (tx) => {
        await launchIn(tx, await campaigns.get(principal, id, tx), acceptsWarnings);
        return campaigns.get(principal, id, tx);
      });
    },

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
