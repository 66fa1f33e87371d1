-- Tokens of signatures that do not cover the body, each with the body that it came with, as keyed hashes: the same post again is a repeat, another one is forged.
CREATE TABLE inbound_tokens (
  organization_id uuid NOT NULL,
  token_key bytea NOT NULL,
  body_key bytea NOT NULL,
  used_at timestamptz NOT NULL,
  PRIMARY KEY (organization_id, token_key)
);
CREATE INDEX inbound_tokens_used ON inbound_tokens (used_at);

ALTER TABLE replies
  -- HMAC of the address that the reply names in place of its sender, as addresses are compared; empty: it names none. Null: it is older than this column, and the first
  -- erasure in its organization fills it in.
  ADD COLUMN referral_key bytea;
CREATE INDEX replies_referral ON replies (organization_id, referral_key) WHERE referral_key <> '';
CREATE INDEX replies_unkeyed ON replies (organization_id, id) WHERE referral_key IS NULL;

-- People are found in meetings by their address and their contact.
CREATE INDEX meetings_party ON meetings (organization_id, party_key);
CREATE INDEX meetings_contact ON meetings (contact_id) WHERE contact_id IS NOT NULL;
