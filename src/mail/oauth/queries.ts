import type { KeyId, OrganizationId, WorkspaceId } from '../../base/ids.ts';
import { first } from '../../db/pool.ts';
import type { Queryable } from '../../db/pool.ts';
import { sql } from '../../db/sql.ts';
import type { NewSettings } from '../mailboxes/index.ts';
import type { ProviderName } from './providers.ts';

/** What an authorization is for: a new mailbox, or one that is authorized again. */
export type Purpose =
  | {
      readonly email: string;
      readonly settings: NewSettings;
      readonly workspace_id?: WorkspaceId | undefined;
    }
  | { readonly email: string; readonly mailbox_id: string };

/** An authorization that was begun. */
export interface StateRow {
  organization_id: OrganizationId;
  /** Of the key, if it is bound to one. */
  workspace_id: WorkspaceId | null;
  key_id: KeyId;
  provider: ProviderName;
  verifier: Buffer;
  settings: Purpose;
  expires_at: Date;
}

export const insertState = (on: Queryable, hash: Buffer, row: StateRow): Promise<number> =>
  on.execute(sql`
    INSERT INTO oauth_states (state_hash, organization_id, workspace_id, key_id, provider, verifier, settings, expires_at)
    VALUES (${hash}, ${row.organization_id}, ${row.workspace_id}, ${row.key_id}, ${row.provider}, ${row.verifier}, ${JSON.stringify(row.settings)}::jsonb, ${row.expires_at})`);

/** Deletes a state, of any organization, and returns it: nobody else gets it. */
export const takeState = (on: Queryable, hash: Buffer): Promise<StateRow | undefined> =>
  first(
    on,
    sql<StateRow>`
    DELETE FROM oauth_states WHERE state_hash = ${hash}
    RETURNING organization_id, workspace_id, key_id, provider, verifier, settings, expires_at`,
  );

export const deleteExpired = (on: Queryable, now: Date): Promise<number> =>
  on.execute(sql`DELETE FROM oauth_states WHERE expires_at <= ${now}`);
