import { minuteMs } from '../base/clock.ts';
import { ApiError, invalid, notFound } from '../base/errors.ts';
import type { PersonId } from '../base/ids.ts';
import type { Queryable, Transaction } from '../db/pool.ts';
import type { Deps } from '../ops/index.ts';
import { accountEvents } from './account-events.ts';
import type { AccountEventsOptions } from './account-events.ts';
import { isToken, mintToken } from './cookie.ts';
import * as queries from './passkey-queries.ts';
import type { PasskeyRow } from './passkey-queries.ts';
import type { PersonRow } from './queries.ts';
import { algorithms, challengeIn, relyingPartyAt, verifyAuthentication, verifyRegistration } from './webauthn.ts';
import type { Authentication, Registration } from './webauthn.ts';

const passkeysMax = 20;
const challengeMs = 5 * minuteMs;
const relyingPartyName = 'Outrider';

/** What an authenticator stores with a passkey to find the person: the bytes of the id. */
const handleOf = (person: PersonId): string => Buffer.from(person.replaceAll('-', ''), 'hex').toString('base64url');

/** The same for every reason. */
const notAccepted = (): ApiError => invalid({ credential: 'is not accepted; ask for new options and try again' });

/** A passkey that signed a challenge, with its new count of signatures. */
export interface Proof {
  readonly passkey: Pick<PasskeyRow, 'id' | 'person_id'>;
  readonly counter: number;
}

export type Passkeys = ReturnType<typeof createPasskeys>;

/** Passkeys of people (WebAuthn Level 3). Callers check the password and count attempts first. */
export function createPasskeys({
  db,
  clock,
  ids,
  publicUrl,
  emit,
}: Pick<Deps, 'db' | 'clock' | 'ids'> & AccountEventsOptions & { readonly publicUrl: () => string }) {
  const events = accountEvents({ clock, emit });
  const report = (
    tx: Transaction,
    action: 'created' | 'changed' | 'deleted',
    { person_id: person, id, name }: PasskeyRow,
  ): Promise<void> => events.changed(tx, person, { kind: 'passkey', action, record: { id, name } });

  const party = () => relyingPartyAt(publicUrl());

  async function issue(person: PersonId | null): Promise<string> {
    const challenge = mintToken();
    await queries.insertChallenge(db, challenge, person, new Date(clock.now() + challengeMs));
    return challenge;
  }

  /** Uses up the challenge that was signed, whatever follows. */
  async function take(clientDataJSON: string, person: PersonId | null): Promise<string | undefined> {
    const challenge = challengeIn(clientDataJSON);
    if (challenge === undefined || !isToken(challenge)) return undefined;
    return (await queries.takeChallenge(db, challenge, person, new Date(clock.now()))) ? challenge : undefined;
  }

  async function assertRoom(on: Queryable, person: PersonId): Promise<PasskeyRow[]> {
    const passkeys = await queries.passkeysOf(on, person);
    if (passkeys.length >= passkeysMax)
      throw new ApiError('conflict', `You have ${passkeysMax} passkeys, which is the limit. Remove one first.`);
    return passkeys;
  }

  return {
    of: (person: PersonId): Promise<PasskeyRow[]> => queries.passkeysOf(db, person),

    /** Options for `navigator.credentials.create`. @throws ApiError `conflict` at the limit */
    async additionOptions({ id, email, name }: PersonRow) {
      const passkeys = await assertRoom(db, id);
      return {
        challenge: await issue(id),
        rp: { id: party().id, name: relyingPartyName },
        user: { id: handleOf(id), name: email, displayName: name },
        pubKeyCredParams: algorithms.map((alg) => ({ type: 'public-key' as const, alg })),
        timeout: challengeMs,
        excludeCredentials: passkeys.map(({ credential_id: credential, transports }) => ({
          id: credential.toString('base64url'),
          type: 'public-key' as const,
          transports: [...transports],
        })),
        authenticatorSelection: {
          residentKey: 'required' as const,
          requireResidentKey: true,
          userVerification: 'required' as const,
        },
        attestation: 'none' as const,
      };
    },

    /** @throws ApiError `validation_failed` for a credential that is not accepted; `conflict` at the limit */
    async add(person: PersonId, name: string, response: Registration): Promise<PasskeyRow> {
      const challenge = await take(response.response.clientDataJSON, person);
      if (challenge === undefined) throw notAccepted();
      const credential = await verifyRegistration(response, { challenge, party: party() });
      if (credential === undefined) throw notAccepted();
      const now = new Date(clock.now());
      const row: PasskeyRow = {
        id: ids.next<string>(),
        person_id: person,
        credential_id: Buffer.from(credential.id, 'base64url'),
        public_key: Buffer.from(credential.publicKey),
        counter: credential.counter,
        transports: response.response.transports ?? [],
        name,
        created_at: now,
        updated_at: now,
        last_used_at: null,
      };
      return db.transaction(async (tx) => {
        await queries.lockPasskeysOf(tx, person);
        await assertRoom(tx, person);
        if (!(await queries.insertPasskey(tx, row))) throw notAccepted();
        await report(tx, 'created', row);
        return row;
      });
    },

    /** @throws ApiError `not_found` */
    rename: (person: PersonId, id: string, name: string): Promise<PasskeyRow> =>
      db.transaction(async (tx) => {
        const row = await queries.renamePasskey(tx, person, id, { name, at: new Date(clock.now()) });
        if (row === undefined) throw notFound('Passkey');
        await report(tx, 'changed', row);
        return row;
      }),

    /** @throws ApiError `not_found` */
    remove: (person: PersonId, id: string): Promise<void> =>
      db.transaction(async (tx) => {
        const row = await queries.deletePasskey(tx, person, id);
        if (row === undefined) throw notFound('Passkey');
        await report(tx, 'deleted', row);
      }),

    /** Options for `navigator.credentials.get`. They name no account: the authenticator shows the passkeys that it has. */
    async signInOptions() {
      return {
        challenge: await issue(null),
        rpId: party().id,
        timeout: challengeMs,
        userVerification: 'required' as const,
      };
    },

    /** Which passkey signed; undefined if anything is wrong. `use` then records it. */
    async prove(response: Authentication): Promise<Proof | undefined> {
      const challenge = await take(response.response.clientDataJSON, null);
      const passkey = await queries.passkeyByCredential(db, Buffer.from(response.id, 'base64url'));
      if (challenge === undefined || passkey === undefined) return undefined;
      if (response.response.userHandle !== handleOf(passkey.person_id)) return undefined;
      const credential = {
        id: response.id,
        publicKey: Uint8Array.from(passkey.public_key),
        counter: passkey.counter,
      };
      const counter = await verifyAuthentication(response, credential, { challenge, party: party() });
      return counter === undefined ? undefined : { passkey, counter };
    },

    /** @returns false if the passkey was removed in the meantime, or another request used it with this count */
    use: (tx: Queryable, { passkey, counter }: Proof): Promise<boolean> =>
      queries.usePasskey(tx, passkey.id, counter, new Date(clock.now())),
  };
}
