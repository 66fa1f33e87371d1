-- An assistant is asked one question at a time, and assistants of several organizations at the same time.
ALTER TABLE assistants
  -- When it may be asked again: the end of a claim, of a rest, or of the day whose budget is spent.
  ADD COLUMN free_at timestamptz,
  -- How often in a row it could not be asked.
  ADD COLUMN failures smallint NOT NULL DEFAULT 0;

-- Since now, due_at of a question is when it was last asked: the one asked longest ago is next.
CREATE INDEX assistant_jobs_waiting ON assistant_jobs (organization_id, due_at);
DROP INDEX assistant_jobs_due;
DROP INDEX assistant_jobs_organization;

-- Something else has asked for an opt-out since it was made, so that undoing it does not lift it; null: nothing has.
ALTER TABLE suppressions ADD COLUMN is_confirmed boolean;

-- Whether the opt-out was counted for the step of its message: it ended the lead. Null: it was stored before this was recorded, and counted.
ALTER TABLE unsubscribes ADD COLUMN counted boolean;

-- Lists of the meetings of a campaign or a workspace, newest first.
CREATE INDEX meetings_campaign ON meetings (campaign_id, id) WHERE campaign_id IS NOT NULL;
CREATE INDEX meetings_workspace ON meetings (workspace_id, id) WHERE workspace_id IS NOT NULL;
