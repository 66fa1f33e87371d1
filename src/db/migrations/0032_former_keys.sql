-- Keys of the organization, which those of owners replace (0028, 0030, 0031). Nothing is built here: the locks, which stop reads, too, end at
-- once. They are taken in the order in which transactions lock records.
ALTER TABLE suppressions DROP CONSTRAINT suppressions_organization_id_hash_key;
ALTER TABLE sources DROP CONSTRAINT sources_organization_id_name_key;
DROP INDEX contacts_email;
ALTER TABLE contact_tags DROP CONSTRAINT contact_tags_pkey;
