-- The most messages of a mailbox on one local day before those of campaigns and warm-up wait; null: not governed.
ALTER TABLE mailbox_pace ADD COLUMN governed_limit integer;

-- Warm-up of mailboxes. Times are of the organization's clock, but `due_at`.
CREATE TABLE warmups (
  mailbox_id uuid PRIMARY KEY REFERENCES mailboxes,
  organization_id uuid NOT NULL REFERENCES organizations,
  enabled boolean NOT NULL DEFAULT false,
  paused boolean NOT NULL DEFAULT false,
  strategy text NOT NULL CHECK (strategy IN ('gentle', 'normal', 'fast')),
  target integer NOT NULL CHECK (target BETWEEN 1 AND 100),
  reply_rate integer NOT NULL CHECK (reply_rate BETWEEN 0 AND 100),
  language text NOT NULL,
  started_at timestamptz,
  -- When it was disabled.
  stopped_at timestamptz,
  -- A person resumed a blocked mailbox.
  released_at timestamptz,
  -- Days that counted for the ramp, the start of the local day that is running, and why the one before did not count.
  ramp_day integer NOT NULL DEFAULT 0,
  day_started_at timestamptz,
  hold text,
  -- Of the day that is running.
  cap integer,
  cap_reason text,
  -- What was counted in all when it started, and when the day did.
  base jsonb,
  day_base jsonb,
  -- When each was reached, by name.
  milestones jsonb NOT NULL DEFAULT '{}',
  -- When the day ends, in real time; null: not enabled.
  due_at timestamptz
) WITH (fillfactor = 50);
CREATE INDEX warmups_due ON warmups (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX warmups_organization ON warmups (organization_id);
