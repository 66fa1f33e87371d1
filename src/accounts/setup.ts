import { hourMs } from '../base/clock.ts';
import type { Tenancy } from '../auth/index.ts';
import { listOrganizations, lockOrganization } from '../auth/index.ts';
import { hashToken } from './cookie.ts';
import { linkToken } from './link-token.ts';
import { inviteOwnerWith } from './members.ts';
import * as queries from './queries.ts';

/** A link that ends sooner is not printed again. */
const leftMs = hourMs;

/**
 * The token with which the first person becomes an owner of the first organization: an operator's invitation, as `outrider invite-owner`
 * creates it. It is derived from the master key and the id of its invitation, so that it is stored only as a hash, and yet every process,
 * and every start until it is used or ends, prints the same link.
 * @returns undefined once a person exists
 */
export const setupToken = ({ db, clock, ids, vault }: Tenancy): Promise<string | undefined> =>
  db.transaction(async (tx) => {
    const organization = (await listOrganizations(tx)).find(
      ({ liveOrganizationId }) => liveOrganizationId === undefined,
    );
    if (organization === undefined) return undefined;
    const { id } = organization;
    await lockOrganization(tx, id);
    if (await queries.anyPerson(tx)) return undefined;
    const tokenOf = (invitation: string): Promise<string> => linkToken(vault, tx, id, invitation, 'setup link');
    for (const link of await queries.operatorLinks(tx, id, new Date(clock.now() + leftMs))) {
      const token = await tokenOf(link.id);
      if (hashToken(token).equals(link.token_hash)) return token;
    }
    const invitation = ids.next<string>();
    const token = await tokenOf(invitation);
    await inviteOwnerWith(tx, { id: invitation, token, organization: id, nowMs: clock.now() });
    return token;
  });
