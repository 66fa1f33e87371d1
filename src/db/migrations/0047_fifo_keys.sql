-- The places of deliveries in the queues of FIFO endpoints, so that reading the head of a queue does not pass what is scheduled for later.
-- Null for other endpoints: they pay nothing for the index.
ALTER TABLE delivery_queue ADD COLUMN fifo_key uuid;
CREATE INDEX delivery_queue_fifo ON delivery_queue (endpoint_id, fifo_key) WHERE fifo_key IS NOT NULL;

-- Deliveries from this id on have a key. Those before it may have been written before the endpoint had FIFO order, or by a process of the
-- former version, which may run for some time. Null: none has.
ALTER TABLE endpoints ADD COLUMN fifo_from uuid;
UPDATE endpoints SET fifo_from = (lpad(to_hex((extract(epoch FROM now() + interval '1 day') * 1000)::bigint), 12, '0') || '70008000000000000000')::uuid
  WHERE ordering = 'fifo';
