-- How the rows of a file are read, and which company their contacts are put into.
ALTER TABLE imports ADD COLUMN link_company_by text CHECK (link_company_by IN ('name', 'domain'));
ALTER TABLE imports ADD COLUMN on_bad_value text NOT NULL DEFAULT 'reject' CHECK (on_bad_value IN ('reject', 'blank'));
ALTER TABLE imports ADD COLUMN date_order text NOT NULL DEFAULT 'ymd' CHECK (date_order IN ('ymd', 'dmy', 'mdy'));
ALTER TABLE imports ADD COLUMN decimal_separator text NOT NULL DEFAULT '.' CHECK (decimal_separator IN ('.', ','));

-- Contacts are put into the company of their domain.
CREATE INDEX companies_domain ON companies (organization_id, domain) WHERE domain IS NOT NULL;
