import { eraseActivities } from '../crm/activities/index.ts';
import { eraseBulkJobs } from '../crm/bulk/index.ts';
import { eraseImportErrors, eraseImports } from '../crm/imports/index.ts';
import { eraseMerges } from '../crm/merges/index.ts';
import { eraseSegments } from '../crm/segments/index.ts';
import { eraseLifted } from '../crm/suppressions/index.ts';
import { eraseOptOuts } from '../crm/topics/index.ts';
import type { ErasureChunk, ErasureProgress } from '../db/erasure.ts';
import type { Transaction } from '../db/pool.ts';
import { eraseEvents, eraseIdempotencyKeys } from '../events/index.ts';
import type { Vault } from '../encryption/vault.ts';
import { eraseAnsweredRequests } from '../http/erasure.ts';
import { eraseCapturedMessages } from '../mail/capture/index.ts';
import { eraseDiscoveryJobs, eraseFinds, eraseProviderProblems } from '../mail/discovery/index.ts';
import { eraseReplies } from '../mail/inbox/index.ts';
import { eraseAdditions, eraseLeads } from '../mail/leads/index.ts';
import { eraseMeetings } from '../mail/meetings/index.ts';
import { eraseProviderEvents } from '../mail/provider-events/index.ts';
import { eraseMessages } from '../mail/sending/index.ts';
import { eraseHits } from '../mail/tracking/index.ts';
import { eraseAnswers } from '../webhooks/deliveries/index.ts';
import { removeLateContacts } from './person.ts';
import type { Records } from './person.ts';
import type { Needles } from './redact.ts';

/** A slice's chunk, and what the stage of contacts needs beyond it. */
export interface Chunk extends ErasureChunk {
  readonly needles: Needles;
  /** Unix milliseconds: what was in progress when the person was erased is committed by then; anything later is not part of the erasure. */
  readonly settledMs: number;
  readonly at: Date;
  /** For tables whose rows are sealed. */
  readonly vault: Pick<Vault, 'open' | 'seal' | 'mac'>;
}

type Stage = (tx: Transaction, chunk: Chunk, records: Records) => Promise<ErasureProgress>;

const eraseContacts: Stage = (tx, { organizationId, needles: { addresses }, settledMs, at }, records) =>
  removeLateContacts(tx, records, organizationId, { addresses, settledMs, at });

/** The stages in order, by the names stored in `erasures.stage`. Answers come last: they are removed where the event is redacted. */
const stages = {
  contacts: eraseContacts,
  events: eraseEvents,
  inbound: eraseProviderEvents,
  captured: eraseCapturedMessages,
  messages: eraseMessages,
  replies: eraseReplies,
  hits: eraseHits,
  meetings: eraseMeetings,
  leads: eraseLeads,
  additions: eraseAdditions,
  finds: eraseFinds,
  discovery: eraseDiscoveryJobs,
  providers: eraseProviderProblems,
  activities: eraseActivities,
  imports: eraseImports,
  import_errors: eraseImportErrors,
  segments: eraseSegments,
  topics: eraseOptOuts,
  lifted_suppressions: eraseLifted,
  bulk_jobs: eraseBulkJobs,
  merges: eraseMerges,
  keys: eraseIdempotencyKeys,
  answered_requests: eraseAnsweredRequests,
  attempts: eraseAnswers,
} as const satisfies Record<string, Stage>;
type StageName = keyof typeof stages;
const names = Object.keys(stages) as StageName[];

export const firstStage: StageName = 'contacts';

export const stageOf = (name: string): Stage => {
  const stage = (stages as Readonly<Record<string, Stage>>)[name];
  if (stage === undefined) throw new Error(`unreachable: no erasure stage is named ${name}`);
  return stage;
};

/** The stage after this one; undefined after the last. */
export const stageAfter = (name: string): StageName | undefined => names[names.indexOf(name as StageName) + 1];
