-- A number beside the id, counted within the organization: the dialects that call endpoints by numbers use it. Endpoints are deleted
-- by a mark, so a number never comes back.
ALTER TABLE endpoints ADD COLUMN number integer;
UPDATE endpoints e SET number = n.number
FROM (SELECT id, row_number() OVER (PARTITION BY organization_id ORDER BY id) AS number FROM endpoints) n WHERE n.id = e.id;
ALTER TABLE endpoints ALTER COLUMN number SET NOT NULL;
CREATE UNIQUE INDEX endpoints_number ON endpoints (organization_id, number);

-- The key that made it.
ALTER TABLE endpoints ADD COLUMN created_by uuid;
