import type { Around, RequestDatabase } from '../db/request-database.ts';
import type { Reply } from './route.ts';

/** Rolls back a request whose answer is an error, or says that nothing was stored. */
class Unsuccessful extends Error {
  readonly reply: Reply;

  constructor(reply: Reply) {
    super('The request stored nothing.');
    this.reply = reply;
  }
}

/** Carries out a request so that all its changes are one transaction, of which nothing is left if the answer is an error or `storedNothing`. */
export async function asOneOrNothing(
  db: Pick<RequestDatabase, 'asOne'>,
  { begin, end }: Partial<Around<Reply>>,
  work: () => Promise<Reply>,
): Promise<Reply> {
  try {
    return await db.asOne<Reply>(
      {
        begin: async (tx) => begin?.(tx),
        async end(tx, reply) {
          if (reply.status >= 400 || reply.storedNothing === true) throw new Unsuccessful(reply);
          await end?.(tx, reply);
        },
      },
      work,
    );
  } catch (error) {
    if (error instanceof Unsuccessful) return error.reply;
    throw error;
  }
}
