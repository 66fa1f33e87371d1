import { actorWith } from '../base/ids.ts';
import type { PersonId } from '../base/ids.ts';
import type { Transaction } from '../db/pool.ts';
import type { Deps } from '../ops/index.ts';
import type { EmitSetting, SettingChange } from './audit.ts';
import { eventOf, memberEvents } from './members.ts';
import type { EmitMember } from './members.ts';
import * as queries from './queries.ts';

export interface AccountEventsOptions extends Pick<Deps, 'clock'> {
  readonly emit: EmitMember & EmitSetting;
}

/** What a person signs in with. */
export interface AccountChange extends Pick<SettingChange, 'action'> {
  readonly kind: 'password' | 'passkey' | 'second_factor' | 'recovery_codes';
  readonly record?: { readonly id: string; readonly name: string };
}

export type AccountEvents = ReturnType<typeof accountEvents>;

/**
 * Emits what people do with their own accounts, in the transaction that does it. An account opens every organization in which its person
 * has a role, so each of these gets the event.
 */
export function accountEvents({ clock, emit }: AccountEventsOptions) {
  const report = memberEvents({ clock, emit });
  return {
    async signedIn(tx: Transaction, person: PersonId): Promise<void> {
      for (const member of await queries.membershipsOf(tx, person))
        await report(tx, 'member.signed_in', member.organization_id, { ...eventOf(member), actor: person });
    },

    async changed(tx: Transaction, person: PersonId, { kind, action, record }: AccountChange): Promise<void> {
      for (const { organization_id: organizationId } of await queries.membershipsOf(tx, person))
        await emit(tx, {
          organizationId,
          workspaceId: undefined,
          type: 'setting.changed',
          data: {
            kind,
            action,
            record_id: record?.id ?? null,
            name: record?.name ?? null,
            fields: [],
            actor: actorWith(person),
          },
          occurredAtMs: clock.now(),
        });
    },
  };
}
