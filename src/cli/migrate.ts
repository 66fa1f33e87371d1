import { migrate } from '../db/migrate.ts';
import { createPartitions } from '../db/partitions.ts';
import { connect } from '../db/pool.ts';
import { withDatabase } from './database.ts';
import { readSettings } from './settings.ts';

export async function migrateCommand(): Promise<void> {
  await withDatabase(readSettings(), async ({ url }) => {
    const db = connect(url, { max: 2, applicationName: 'outrider cli' });
    try {
      const applied = await migrate(db);
      await createPartitions(db, Date.now());
      console.log(applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.join(', ')}.`);
    } finally {
      await db.close();
    }
  });
}
