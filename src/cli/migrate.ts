import { migrate } from '../db/migrate.ts';
import { createPartitions } from '../db/partitions.ts';
import { withConnection, withDatabase } from './database.ts';
import { readSettings } from './installation.ts';

export const migrateCommand = (): Promise<void> =>
  withDatabase(readSettings(), ({ url }) =>
    withConnection(url, async (db) => {
      const applied = await migrate(db);
      await createPartitions(db, Date.now());
      console.log(applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.join(', ')}.`);
    }),
  );
