import { randomBytes } from 'node:crypto';
import { dayMs, dayOf } from '../../base/clock.ts';
import type { Clock } from '../../base/clock.ts';
import { checkUrl } from '../../base/egress.ts';
import { ApiError, invalid, notFound } from '../../base/errors.ts';
import type { FetchOptions } from '../../base/fetch-checked.ts';
import type { OrganizationId } from '../../base/ids.ts';
import type { Database } from '../../db/pool.ts';
import type { Vault } from '../../encryption/vault.ts';
import { ask, completionsUrl } from './ask.ts';
import type { Asked, Assistant } from './ask.ts';
import { assistantOf, deleteAssistant, saveAssistant, settleRequest, takeRequest } from './queries.ts';
import type { AssistantRow } from './queries.ts';

export interface SettingsOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly vault: Vault;
  readonly network: Pick<FetchOptions, 'policy' | 'resolve' | 'ca'>;
}

/** What a caller sets. */
export interface AssistantInput {
  readonly url: string;
  readonly model: string;
  readonly key: string | null;
  readonly daily_budget: number;
}

export type Settings = ReturnType<typeof createSettings>;

const sealedAs = 'assistant key';

/** Assistants that organizations name. */
export function createSettings({ db, clock, vault, network }: SettingsOptions) {
  const open = async ({ organization_id: organization, url, model, key }: AssistantRow): Promise<Assistant> => ({
    url,
    model,
    key: key === null ? null : (await vault.open(db, organization, key, sealedAs)).toString(),
  });

  async function get(organization: OrganizationId): Promise<AssistantRow> {
    const row = await assistantOf(db, organization);
    if (row === undefined) throw notFound('Assistant');
    return row;
  }

  /** Asks once, for one request of the budget. @returns undefined if none is left */
  async function askOnce(row: AssistantRow, text: string, at: Date, signal: AbortSignal): Promise<Asked | undefined> {
    const organization = row.organization_id;
    const assistant = await open(row);
    if (!(await takeRequest(db, organization, dayOf(clock.now())))) return undefined;
    const input = { text, at, nonce: randomBytes(9).toString('hex') };
    const asked = await ask(assistant, input, { ...network, clock, organization, signal });
    await settleRequest(db, organization, 'problem' in asked ? asked.problem : null, new Date(clock.now()));
    return asked;
  }

  return {
    /** @throws ApiError `not_found` */
    get,
    find: (organization: OrganizationId): Promise<AssistantRow | undefined> => assistantOf(db, organization),
    askOnce,

    /** @throws ApiError `validation_failed` for a URL that must not be called */
    async set(organization: OrganizationId, { url, model, key, daily_budget }: AssistantInput): Promise<AssistantRow> {
      const checked = checkUrl(completionsUrl(url), network.policy);
      if (!checked.ok) throw invalid({ url: checked.reason });
      if (checked.url.search !== '') throw invalid({ url: 'must have no query' });
      await saveAssistant(db, {
        organization_id: organization,
        url,
        model,
        key: key === null ? null : await vault.seal(db, organization, key, sealedAs),
        daily_budget,
        updated_at: new Date(clock.now()),
      });
      return get(organization);
    },

    /** Its waiting jobs end with it. @throws ApiError `not_found` */
    async remove(organization: OrganizationId): Promise<void> {
      if ((await db.transaction((tx) => deleteAssistant(tx, organization))) === 0) throw notFound('Assistant');
    },

    /** Asks about one text. @throws ApiError `not_found`, `rate_limit` */
    async check(organization: OrganizationId, text: string, signal: AbortSignal): Promise<Asked> {
      const asked = await askOnce(await get(organization), text, new Date(clock.now()), signal);
      if (asked === undefined)
        throw new ApiError('rate_limit', 'The daily budget of the assistant is spent.', {
          retryAfterSeconds: Math.ceil((Date.parse(dayOf(clock.now())) + dayMs - clock.now()) / 1_000),
        });
      return asked;
    },
  };
}
