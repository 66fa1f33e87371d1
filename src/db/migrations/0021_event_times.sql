-- What a publisher may say about an event: when it is delivered at the earliest, and the trace it belongs to (W3C Trace Context). Existing
-- events have neither.
ALTER TABLE events
  ADD COLUMN deliver_at timestamptz,
  ADD COLUMN traceparent text;

-- Rates below one a second: 0.1 is one in ten seconds.
ALTER TABLE endpoints ALTER COLUMN rate_limit_per_second TYPE double precision;
