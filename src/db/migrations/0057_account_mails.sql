-- Links with which people set a new password, one for each person.
CREATE TABLE account_resets (
  person_id uuid PRIMARY KEY REFERENCES account_persons (id) ON DELETE CASCADE,
  -- Of the request: a later one replaces an earlier one.
  id uuid NOT NULL,
  token_hash bytea NOT NULL UNIQUE,
  expires_at timestamptz NOT NULL,
  -- Kept until it expires: the mail of a used link may be tried again, which must not renew it.
  used_at timestamptz
);
CREATE INDEX account_resets_expiry ON account_resets (expires_at);

-- Mails with links for people, until they are sent. They contain no token: it is derived from the id and the master key.
CREATE TABLE account_mails (
  -- Of the request to reset a password, or of the invitation.
  id uuid PRIMARY KEY,
  kind text NOT NULL,
  -- As requested; for a reset, it may have no account.
  email text NOT NULL,
  due_at timestamptz NOT NULL,
  attempt_count smallint NOT NULL,
  -- When the link ends.
  expires_at timestamptz NOT NULL
);
CREATE INDEX account_mails_due ON account_mails (due_at);
