-- Further addresses of contacts, beside `contacts.email`. `live` says whether the contact is: an address has one live contact of each owner,
-- also across both tables, which transactions ensure by the lock of the organization's suppressions (src/crm/contacts/README.md).
CREATE TABLE contact_addresses (
  contact_id uuid NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  workspace_id uuid,
  email text NOT NULL,
  email_key text NOT NULL,
  -- The order in which the contact has them, from 1.
  position smallint NOT NULL,
  live boolean NOT NULL,
  PRIMARY KEY (contact_id, email_key)
);
CREATE UNIQUE INDEX contact_addresses_owner_email ON contact_addresses (organization_id, email_key, coalesce(workspace_id, organization_id)) WHERE live;
CREATE INDEX contact_addresses_deleted ON contact_addresses (organization_id, email_key) WHERE NOT live;
