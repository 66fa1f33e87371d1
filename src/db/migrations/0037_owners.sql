-- The person who looks after a contact or company.
ALTER TABLE contacts ADD COLUMN owner text;
ALTER TABLE companies ADD COLUMN owner text;
