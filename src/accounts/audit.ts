import { actorWith } from '../base/ids.ts';
import { own } from '../base/own.ts';
import type { OrganizationId, WorkspaceId } from '../base/ids.ts';
import type { Transaction } from '../db/pool.ts';
import type { Principal, Reply, Route } from '../http/route.ts';
import type { Deps } from '../ops/index.ts';

/** What the first part of a path administers, beside the people and keys that have events of their own. */
const kinds: Readonly<Record<string, string>> = {
  webhooks: 'endpoint',
  workspaces: 'workspace',
  organization: 'organization',
  'event-types': 'event_type',
  'event-retention': 'event_retention',
  'portal-brand': 'portal_brand',
  verifier: 'verifier',
  assistant: 'assistant',
  'inbound-sources': 'inbound_source',
  'discovery-providers': 'discovery_provider',
  'tracking-domains': 'tracking_domain',
  'dkim-keys': 'dkim_key',
  mailboxes: 'mailbox',
};
/** They change no setting. */
const acts: ReadonlySet<string> = new Set(['test', 'check', 'autoconfig', 'verify', 'release', 'messages']);
const actions: Readonly<Record<string, string>> = {
  POST: 'created',
  PUT: 'changed',
  PATCH: 'changed',
  DELETE: 'deleted',
};
/** What records are called, the first that they have. */
const names = ['name', 'target_url', 'host', 'domain', 'email', 'external_id'] as const;

export interface SettingChange {
  readonly kind: string;
  /** A call on a record, such as `rotate-secret`, is an action of its own. */
  readonly action: string;
  readonly record_id: string | null;
  readonly name: string | null;
  readonly fields: readonly string[];
}

/** `emit` of the events slice. */
export type EmitSetting = (
  tx: Transaction,
  event: {
    readonly organizationId: OrganizationId;
    readonly workspaceId: WorkspaceId | undefined;
    readonly type: 'setting.changed';
    readonly data: Readonly<Record<string, unknown>>;
    readonly occurredAtMs: number;
  },
) => Promise<unknown>;

/** @returns undefined if the route changes no setting */
function auditOf({ method, path }: Pick<Route, 'method' | 'path'>): Pick<SettingChange, 'kind' | 'action'> | undefined {
  const [, version, collection = '', ...rest] = path.split('/');
  const kind = own(kinds, collection);
  const act = rest.at(-1);
  if (version !== 'v1' || method === 'GET' || kind === undefined || (act !== undefined && acts.has(act)))
    return undefined;
  const isAct = act !== undefined && !act.startsWith(':');
  return { kind, action: isAct ? act : (own(actions, method) ?? method) };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a call changed, for people to read: names of fields, never their values. */
function changeOf(
  audit: Pick<SettingChange, 'kind' | 'action'>,
  { params, body }: { readonly params: unknown; readonly body: unknown },
  { body: answer }: Reply,
): SettingChange {
  const data = isRecord(answer) && isRecord(answer['data']) ? answer['data'] : {};
  const id = data['id'] ?? (isRecord(params) ? params['id'] : undefined);
  const name = names.map((field) => data[field]).find((value) => typeof value === 'string');
  return {
    ...audit,
    record_id: typeof id === 'string' ? id : null,
    name: name === undefined ? null : String(name).slice(0, 200),
    fields: isRecord(body) ? Object.keys(body).sort() : [],
  };
}

/**
 * Lets what people administer emit `setting.changed`. Programs know what they changed, and would get an event for each of their own calls.
 * Changes of endpoints are reported right after their commit, because a transaction that has changed endpoints cannot emit; others in the
 * transaction of the change, where the call has one.
 */
export const auditing =
  ({ db, clock, emit, onError }: Pick<Deps, 'db' | 'clock' | 'onError'> & { readonly emit: EmitSetting }) =>
  (routes: readonly Route[]): readonly Route[] =>
    routes.map((route): Route => {
      const audit = auditOf(route);
      if (audit === undefined || route.scope === null) return route;
      const isApart = audit.kind === 'endpoint';
      return {
        ...route,
        ...(isApart ? {} : { audited: true }),
        async handle(request, principal: Principal) {
          const reply = await route.handle(request, principal);
          if (principal.person === undefined || reply.status >= 400) return reply;
          const tell = (tx: Transaction): Promise<unknown> =>
            emit(tx, {
              organizationId: principal.organizationId,
              workspaceId: principal.workspaceId,
              type: 'setting.changed',
              data: { ...changeOf(audit, request, reply), actor: actorWith(principal.keyId) },
              occurredAtMs: clock.now(),
            });
          await db.transaction(async (tx) => {
            if (isApart)
              tx.afterCommit(() => db.apart.transaction(tell).catch((error: unknown) => onError(error, 'audit')));
            else await tell(tx);
          });
          return reply;
        },
      };
    });
