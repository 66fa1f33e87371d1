-- The customer portal: links that work once, and how an organization's portal looks. A session of the portal is a key with a purpose.
ALTER TABLE api_keys ADD COLUMN purpose text;

CREATE TABLE portal_links (
  token_hash bytea PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  created_by uuid NOT NULL,
  session_seconds integer NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX portal_links_workspace ON portal_links (workspace_id);
CREATE INDEX portal_links_expiry ON portal_links (expires_at);

CREATE TABLE portal_brands (
  organization_id uuid PRIMARY KEY REFERENCES organizations (id),
  name text NOT NULL,
  color text NOT NULL,
  logo text
);
