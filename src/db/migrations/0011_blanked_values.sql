-- Rows that an import wrote without values that their fields cannot have, and these values: [{column, value, reason}, …]; null: the row was rejected.
ALTER TABLE imports ADD COLUMN blanked bigint NOT NULL DEFAULT 0;
ALTER TABLE import_errors ADD COLUMN blanked jsonb;
