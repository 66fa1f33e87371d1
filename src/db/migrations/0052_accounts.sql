-- People who sign in, their sessions, their roles in organizations, and invitations. Tokens are stored as SHA-256.
CREATE TABLE account_persons (
  id uuid PRIMARY KEY,
  email text NOT NULL,
  name text NOT NULL,
  password_hash text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX account_persons_email ON account_persons (lower(email));

CREATE TABLE account_sessions (
  id uuid PRIMARY KEY,
  person_id uuid NOT NULL REFERENCES account_persons (id) ON DELETE CASCADE,
  token_hash bytea NOT NULL UNIQUE,
  user_agent text,
  address text NOT NULL,
  created_at timestamptz NOT NULL,
  last_used_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX account_sessions_person ON account_sessions (person_id, id);
CREATE INDEX account_sessions_expiry ON account_sessions (expires_at);

-- `id` is the member's id in the API. A member of an organization is a member of its sandbox, too.
CREATE TABLE account_memberships (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  person_id uuid NOT NULL REFERENCES account_persons (id) ON DELETE CASCADE,
  role text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  UNIQUE (organization_id, person_id)
);
CREATE INDEX account_memberships_person ON account_memberships (person_id);

-- Without an address: the operator's link for an owner, whoever opens it.
CREATE TABLE account_invitations (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  email text,
  role text NOT NULL,
  token_hash bytea NOT NULL UNIQUE,
  invited_by uuid,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX account_invitations_organization ON account_invitations (organization_id, id);
CREATE INDEX account_invitations_expiry ON account_invitations (expires_at);

-- People create keys, too.
ALTER TABLE api_keys DROP CONSTRAINT api_keys_created_by_fkey;
