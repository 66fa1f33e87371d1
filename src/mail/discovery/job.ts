import type { OrganizationId, WorkspaceId } from '../../base/ids.ts';
import type { LawfulBasis } from '../../crm/contacts/index.ts';
import type { Icp } from '../icp/index.ts';

export const statuses = ['queued', 'running', 'completed', 'failed', 'cancelled'] as const;
export type Status = (typeof statuses)[number];

/** People that one job accepts. */
export const leadsMax = 10_000;
/** Jobs of an organization that are queued or running. */
export const unfinishedMax = 20;
/** Problems of sources that a job keeps, the last ones. */
export const problemsMax = 20;

/** Where a job searches. */
export type SourceSettings =
  | { readonly type: 'crm' }
  | {
      readonly type: 'website';
      readonly domains?: readonly string[] | undefined;
      /** Own companies that have a domain and do not contradict the profile. */
      readonly from_companies?: true | undefined;
    }
  | { readonly type: 'provider'; readonly provider_id: string };
export type WebsiteSettings = Extract<SourceSettings, { readonly type: 'website' }>;

/** Websites of one source. */
export const domainsMax = 500;

/** Sources whose searches ask other servers. */
export const isRemote = (source: SourceSettings | undefined): boolean => source !== undefined && source.type !== 'crm';

export interface Counts {
  /** People that sources named. */
  readonly searched: number;
  /** Of these, those that match the profile and can be written to, as far as known. */
  readonly accepted: number;
  /** Of the accepted ones, those that became leads of the campaign. */
  readonly added: number;
  /** Of the accepted ones, those that are new contacts. */
  readonly created: number;
  /** Of the accepted ones, those that are not contacted because there is no lawful basis. */
  readonly without_lawful_basis: number;
  readonly below_threshold: number;
  readonly excluded: number;
  /** Leads of the campaign already, found before, or deleted by a person. */
  readonly known: number;
  readonly suppressed: number;
  /** No address, or one that nothing can be sent to. */
  readonly unusable: number;
}
export const noCounts: Counts = {
  searched: 0,
  accepted: 0,
  added: 0,
  created: 0,
  without_lawful_basis: 0,
  below_threshold: 0,
  excluded: 0,
  known: 0,
  suppressed: 0,
  unusable: 0,
};
export const sum = (counts: Counts, more: Partial<Counts>): Counts =>
  Object.fromEntries(
    Object.entries(counts).map(([name, count]: [string, number]) => [name, count + (more[name as keyof Counts] ?? 0)]),
  ) as unknown as Counts;

/** Why a source gave nothing, or not everything. */
export interface Problem {
  /** Its number among the sources. */
  readonly source: number;
  readonly message: string;
  readonly at: string;
}

/** A row of `discovery_jobs`. */
export interface DiscoveryJob {
  readonly id: string;
  readonly organization_id: OrganizationId;
  readonly workspace_id: WorkspaceId | null;
  readonly is_wide: boolean;
  readonly campaign_id: string | null;
  readonly icp: Icp;
  readonly max_leads: number;
  readonly lawful_basis: LawfulBasis | null;
  readonly lawful_basis_source: string | null;
  readonly sources: readonly SourceSettings[];
  readonly status: Status;
  readonly error: string | null;
  readonly source: number;
  readonly cursor: string | null;
  readonly counts: Counts;
  readonly problems: readonly Problem[];
  readonly faults: number;
  readonly lease: string | null;
  /** Why it is due later. */
  readonly waiting: string | null;
  readonly due_at: Date;
  readonly is_remote: boolean;
  readonly created_by: string | null;
  readonly created_at: Date;
  readonly finished_at: Date | null;
}

/** What became of an accepted person. */
export const outcomes = ['added', 'stored', 'no_lawful_basis'] as const;
export type Outcome = (typeof outcomes)[number];

/** A row of `discovery_finds`: where a contact was found, and why it was accepted. */
export interface Find {
  readonly id: string;
  readonly organization_id: OrganizationId;
  readonly workspace_id: WorkspaceId | null;
  readonly job_id: string;
  readonly campaign_id: string | null;
  readonly lead_id: string | null;
  readonly contact_id: string;
  readonly source: string;
  readonly source_name: string;
  readonly external_id: string;
  readonly url: string | null;
  readonly licence: string | null;
  readonly outcome: Outcome;
  readonly score: number;
  readonly reasons: readonly unknown[];
  readonly found_at: Date;
}
