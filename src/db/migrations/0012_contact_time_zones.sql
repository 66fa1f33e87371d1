-- The name of an IANA time zone, such as Europe/Berlin. A column without a default is added at once, however large the table.
ALTER TABLE contacts ADD COLUMN timezone text;
