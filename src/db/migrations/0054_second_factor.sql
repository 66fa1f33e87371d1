-- One-time passwords of people (RFC 6238), and codes that replace a lost device.
CREATE TABLE account_totp (
  person_id uuid PRIMARY KEY REFERENCES account_persons (id) ON DELETE CASCADE,
  -- Whose data key seals the secret: the organization in which the person enrolled.
  organization_id uuid NOT NULL REFERENCES organizations (id),
  secret bytea NOT NULL,
  created_at timestamptz NOT NULL,
  -- Null: enrolled, not in use yet.
  confirmed_at timestamptz,
  -- The step of the newest code that was used: no code works twice.
  last_step bigint NOT NULL
);

-- SHA-256 of codes that are left.
CREATE TABLE account_recovery_codes (
  person_id uuid NOT NULL REFERENCES account_totp (person_id) ON DELETE CASCADE,
  code_hash bytea NOT NULL,
  PRIMARY KEY (person_id, code_hash)
);
