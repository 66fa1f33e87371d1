-- Public keys with which people sign in (WebAuthn).
CREATE TABLE account_passkeys (
  id uuid PRIMARY KEY,
  person_id uuid NOT NULL REFERENCES account_persons (id) ON DELETE CASCADE,
  credential_id bytea NOT NULL UNIQUE,
  -- COSE.
  public_key bytea NOT NULL,
  -- Signatures so far, as the authenticator counts them; 0 if it does not count.
  counter bigint NOT NULL,
  transports text[] NOT NULL,
  name text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  last_used_at timestamptz
);
CREATE INDEX account_passkeys_person ON account_passkeys (person_id, id);

-- Random texts that a passkey signs: each works once.
CREATE TABLE account_challenges (
  challenge text PRIMARY KEY,
  -- Who adds a passkey; null: for signing in.
  person_id uuid REFERENCES account_persons (id) ON DELETE CASCADE,
  expires_at timestamptz NOT NULL
);
CREATE INDEX account_challenges_person ON account_challenges (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX account_challenges_expiry ON account_challenges (expires_at);
