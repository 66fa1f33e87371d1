/** What the tests of sending share: a server that fails on demand, mailboxes, and messages by their ids. */
import assert from 'node:assert/strict';
import type { MailboxId } from '../../src/base/ids.ts';
import { sql } from '../../src/db/sql.ts';
import type { Fields } from './caller.ts';
import { startFaultSmtp } from './fault-smtp.ts';
import type { FaultSmtp } from './fault-smtp.ts';
import type { Faults } from './fault-smtp-faults.ts';
import { installationScene } from './installation.ts';
import type { InstallationScene, Tenant } from './installation.ts';
import { makeSenderMailbox } from './sender-mailboxes.ts';
import type { SenderMailbox } from './sender-mailboxes.ts';

export interface Outbox {
  readonly tenant: Tenant;
  readonly smtp: FaultSmtp;
  readonly mailbox: MailboxId;
  /** Accepts a message, to a domain of its own by default. @returns its id */
  send(fields?: Fields, headers?: Record<string, string>): Promise<string>;
  get(id: string): Promise<Fields>;
  /** Waits in real time until a message has the status. */
  until(id: string, status: string): Promise<Fields>;
  /** As `until`, while the clock leaps by `stepMs` at a time. */
  afterTime(id: string, status: string, stepMs?: number): Promise<Fields>;
  /** The types of the emitted events with this prefix, the oldest first. */
  events(prefix: string): Promise<string[]>;
  reservations(): Promise<number>;
}

export interface SendingScene extends InstallationScene {
  outbox(faults?: Faults, settings?: Partial<SenderMailbox>): Promise<Outbox>;
}

let made = 0;

/** Call it inside `describe`. */
export function sendingScene(...options: Parameters<typeof installationScene>): SendingScene {
  const scene = installationScene(...options);
  return {
    get product() {
      return scene.product;
    },
    get clock() {
      return scene.clock;
    },
    receive: (answer) => scene.receive(answer),
    finally: (end) => scene.finally(end),
    async outbox(faults = {}, settings = {}) {
      const { product, clock } = scene;
      const tenant = await product.tenant();
      const smtp = await startFaultSmtp({ faults });
      scene.finally(() => smtp.close());
      const mailbox = await makeSenderMailbox(product, {
        organizationId: tenant.organization.id,
        port: smtp.port,
        ...settings,
      });
      const get = (id: string): Promise<Fields> => tenant.got('GET', `/v1/messages/${id}`);
      return {
        tenant,
        smtp,
        mailbox,
        async send(fields = {}, headers = {}) {
          const body = {
            mailbox_id: mailbox,
            to: `reader@domain-${(made += 1)}.example`,
            subject: 'Hello',
            text: 'Hello Ada',
            ...fields,
          };
          const answer = await tenant.api('POST', '/v1/messages', body, headers);
          assert.equal(answer.status, 202, answer.text);
          return String((answer.json.data as Fields)['id']);
        },
        get,
        async until(id, status) {
          await product.until(async () => (await get(id))['status'] === status, `${id} is ${status}`);
          return get(id);
        },
        async afterTime(id, status, stepMs = 1_000) {
          await product.until(async () => {
            if ((await get(id))['status'] === status) return true;
            if (product.mail.sending.figures.inFlight === 0) await clock.leap(stepMs);
            return false;
          }, `${id} is ${status}`);
          return get(id);
        },
        async events(prefix) {
          const listed = (await tenant.api('GET', `/v1/events?event=${prefix}.*&limit=100`)).json.data as Fields[];
          return listed.map(({ event }) => String(event)).toReversed();
        },
        async reservations() {
          const [row] = await product.db.query(
            sql<{ count: number }>`SELECT count(*) AS count FROM send_reservations WHERE mailbox_id = ${mailbox}`,
          );
          return row?.count ?? 0;
        },
      };
    },
  };
}
