-- When the data of an event was erased; null: it was not.
ALTER TABLE events ADD COLUMN erased_at timestamptz;

-- How long an organization keeps the data of some types of events, which is less than the installation keeps events. Each type is walked
-- through once, in order of id: what is before the position is erased.
CREATE TABLE event_retention (
  organization_id uuid NOT NULL REFERENCES organizations,
  -- A type, or a prefix such as `order.*`.
  pattern text NOT NULL,
  days integer NOT NULL CHECK (days > 0),
  position uuid NOT NULL,
  PRIMARY KEY (organization_id, pattern)
);
