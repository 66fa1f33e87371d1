-- No record has an owner yet: each index is built in one pass over its table, which is read meanwhile, but not written.
CREATE INDEX contacts_owner ON contacts (organization_id, owner, id) WHERE owner IS NOT NULL;
CREATE INDEX companies_owner ON companies (organization_id, owner, id) WHERE owner IS NOT NULL;
