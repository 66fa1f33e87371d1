-- A seed receives only: it measures where mail arrives.
ALTER TABLE mailboxes ADD COLUMN role text NOT NULL DEFAULT 'sender' CHECK (role IN ('sender', 'seed'));

-- What the owner of a mailbox allows; without a row, nothing. `letters`: how many it has begun. `partners`: whom it could write to when it
-- began the last one.
CREATE TABLE exchange_members (
  mailbox_id uuid PRIMARY KEY REFERENCES mailboxes,
  organization_id uuid NOT NULL REFERENCES organizations,
  allow_same_organization boolean NOT NULL DEFAULT false,
  allow_other_organizations boolean NOT NULL DEFAULT false,
  letters bigint NOT NULL DEFAULT 0,
  partners integer
) WITH (fillfactor = 50);
CREATE INDEX exchange_members_open ON exchange_members (mailbox_id) WHERE allow_other_organizations;

-- When two mailboxes exchanged their last letter, whoever began: its row is the lock of the pair.
CREATE TABLE exchange_pairs (
  low_id uuid NOT NULL REFERENCES mailboxes,
  high_id uuid NOT NULL REFERENCES mailboxes,
  last_at timestamptz NOT NULL,
  PRIMARY KEY (low_id, high_id)
);
CREATE INDEX exchange_pairs_expired ON exchange_pairs (last_at);

-- Letters and answers, by the id of their message. Both ends are mailboxes of the installation, perhaps of two organizations.
-- Times are of the sender's organization's clock.
CREATE TABLE exchange_letters (
  message_id uuid PRIMARY KEY,
  mailbox_id uuid NOT NULL REFERENCES mailboxes,
  organization_id uuid NOT NULL REFERENCES organizations,
  receiver_id uuid NOT NULL REFERENCES mailboxes,
  receiver_organization_id uuid NOT NULL REFERENCES organizations,
  relation text NOT NULL CHECK (relation IN ('other_organization', 'same_organization', 'seed')),
  -- The letter that an answer answers.
  answers uuid,
  -- Its text follows from these (letter.ts).
  number bigint NOT NULL,
  language text NOT NULL,
  -- Message-ID with angle brackets, as it was built; and as a server replaced it.
  header text NOT NULL,
  delivered_header text,
  -- Whose mail the receiver's is.
  provider text NOT NULL,
  begun_at timestamptz NOT NULL,
  sent_at timestamptz,
  -- It was refused, cancelled or bounced.
  failed boolean NOT NULL DEFAULT false,
  placement text CHECK (placement IN ('inbox', 'spam', 'other', 'missing')),
  found_at timestamptz
) WITH (fillfactor = 70);
CREATE INDEX exchange_letters_received ON exchange_letters (receiver_id, header);
CREATE INDEX exchange_letters_delivered ON exchange_letters (receiver_id, delivered_header) WHERE delivered_header IS NOT NULL;
CREATE INDEX exchange_letters_open ON exchange_letters (receiver_id, mailbox_id) WHERE placement IS NULL;
CREATE INDEX exchange_letters_sent ON exchange_letters (mailbox_id, begun_at);
CREATE INDEX exchange_letters_expired ON exchange_letters (begun_at);

-- What is to be done about letters, by their receivers. `deliver`: of one that was captured; `look`: whether it arrived.
-- `due_at` is real time; null: done, or, for a reply, the pacer decides. `done_at` is of the organization's clock.
CREATE TABLE exchange_actions (
  letter_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('deliver', 'look', 'move', 'read', 'flag', 'reply', 'file')),
  -- The receiver of the letter.
  mailbox_id uuid NOT NULL REFERENCES mailboxes,
  organization_id uuid NOT NULL REFERENCES organizations,
  -- Both mailboxes are captured: nothing is done on a server.
  simulated boolean NOT NULL,
  due_at timestamptz,
  tries integer NOT NULL DEFAULT 0,
  done_at timestamptz,
  outcome text,
  PRIMARY KEY (letter_id, kind)
) WITH (fillfactor = 70);
CREATE INDEX exchange_actions_due ON exchange_actions (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX exchange_actions_organization ON exchange_actions (organization_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX exchange_actions_replies ON exchange_actions (mailbox_id) WHERE kind = 'reply' AND due_at IS NULL AND done_at IS NULL;
CREATE INDEX exchange_actions_mailbox ON exchange_actions (mailbox_id, letter_id);
