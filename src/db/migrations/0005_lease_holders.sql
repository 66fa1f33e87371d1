-- Whose a lease is. Null: nobody holds the row, and due_at is when it may be sent. Not indexed: the queue is scanned for a holder's rows
-- once, when that holder is dead, while an index would be written for every delivery.
ALTER TABLE delivery_queue ADD COLUMN holder uuid;

-- Processes that may hold leases. Each has a session advisory lock while it lives; one whose lock is free is dead, and its leases are
-- released. released_at: when that was done; the row is kept a little longer, for what was being committed at that moment.
CREATE TABLE delivery_holders (
  id uuid PRIMARY KEY,
  released_at timestamptz
);

CREATE OR REPLACE VIEW deliveries AS
  SELECT endpoint_id, id, organization_id, event_id, event_type, kind, state, attempt_count, due_at, created_at, NULL::timestamptz AS completed_at, last_status_code, last_error, holder
  FROM delivery_queue
  UNION ALL
  SELECT endpoint_id, id, organization_id, event_id, event_type, kind, state, attempt_count, NULL::timestamptz, created_at, completed_at, last_status_code, last_error, NULL::uuid
  FROM delivery_log;
