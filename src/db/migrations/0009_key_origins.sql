-- The key with which a key was created: revoking a key revokes what was created with it.
ALTER TABLE api_keys ADD COLUMN created_by uuid REFERENCES api_keys (id);
CREATE INDEX api_keys_created_by ON api_keys (created_by) WHERE created_by IS NOT NULL;
