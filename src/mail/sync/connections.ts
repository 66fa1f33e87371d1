import type { ImapFlow } from 'imapflow';
import { minuteMs } from '../../base/clock.ts';
import type { MailboxId } from '../../base/ids.ts';
import type { Database } from '../../db/pool.ts';
import { readableAt } from '../mailboxes/index.ts';
import type { Mailboxes, MailboxState } from '../mailboxes/index.ts';
import { openImap } from '../transport/imap.ts';
import type { ImapOptions } from '../transport/imap.ts';
import type { Failure, ServerSettings } from '../transport/transport.ts';
import { pollMs } from './folders.ts';
import { createGate } from './gate.ts';

export interface ConnectionsOptions {
  readonly db: Database;
  readonly mailboxes: Pick<Mailboxes, 'settingsOf' | 'credentialsOf' | 'reportConnected' | 'reportFailures'>;
  /** How other people's servers are reached. */
  readonly transport: Omit<ImapOptions, 'organization' | 'silenceMs' | 'imapflow'>;
}

export interface Connection {
  readonly client: ImapFlow;
  readonly mailbox: MailboxState;
}

export type Connect = (mailboxId: string, signal: AbortSignal) => Promise<Connection | undefined>;

/** A connection is given up when no byte arrives for this long: two polls were not answered. */
const silenceMs = 2 * pollMs.inbox;
/** TLS handshakes and logins at a time with one server. */
const handshakesMax = 8;
/** IDLE is renewed before the servers end it: after 30 min by RFC 2177, 5 min behind many routers, 3 min at Yahoo. */
const maxIdleMs = 4 * minuteMs;
const yahooIdleMs = 170_000;
const yahoo = /(^|\.)(yahoo|aol|yahoodns)\.[a-z.]+$/i;

/**
 * Opens connections to mailboxes and reports how that went.
 * @returns a function that answers undefined if the mailbox cannot be read now; the mailbox knows until when
 */
export function createConnect({ db, mailboxes, transport }: ConnectionsOptions): Connect {
  const gate = createGate(handshakesMax);
  return async (id, signal) => {
    const mailboxId = id as MailboxId;
    const [mailbox] = await mailboxes.settingsOf(db, [mailboxId]);
    const imap = mailbox?.imap ?? null;
    if (mailbox === undefined || imap === null || readableAt(mailbox) === null) return undefined;
    const organizationId = mailbox.organization_id;
    const opened = await gated(imap);
    if (signal.aborted && opened !== undefined && !('cause' in opened)) opened.close();
    if (opened === undefined || signal.aborted) return undefined;
    if ('cause' in opened) {
      await mailboxes.reportFailures([{ mailboxId, protocol: 'imap', failure: opened }]);
      return undefined;
    }
    await mailboxes.reportConnected('imap', [mailboxId]);
    return { client: opened, mailbox };

    async function gated(settings: ServerSettings): Promise<ImapFlow | Failure | undefined> {
      const leave = await gate.enter(settings.host, signal);
      try {
        const login = (await mailboxes.credentialsOf('imap', [mailboxId])).get(mailboxId);
        if (login === undefined || 'cause' in login) return login;
        const idleMs = yahoo.test(settings.host) ? yahooIdleMs : maxIdleMs;
        const imapflow = { disableAutoIdle: true, maxIdleTime: idleMs };
        const terms = { ...transport, organization: organizationId, silenceMs, imapflow };
        const opened = await openImap(settings, login, terms, signal);
        return opened.ok ? opened.client : opened.failure;
      } finally {
        leave();
      }
    }
  };
}
