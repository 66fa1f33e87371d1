import { after, afterEach, before, beforeEach } from 'node:test';
import type { EndpointId, Ids, OrganizationId, WorkspaceId } from '../../src/base/ids.ts';
import type { Database } from '../../src/db/pool.ts';
import { sql } from '../../src/db/sql.ts';
import type { Principal, Reply } from '../../src/http/route.ts';
import { principalOf } from './calling.ts';
import { TestClock } from './clock.ts';
import { createTestDatabase } from './database.ts';
import type { TestDatabase } from './database.ts';
import { makeOrganization, startReceiver } from './engine.ts';
import { startInstallation } from './installation.ts';
import type { Installation, InstallationOverrides } from './installation.ts';

export async function makeWorkspace(
  db: Database,
  ids: Ids,
  organizationId: OrganizationId,
  name: string,
): Promise<WorkspaceId> {
  const id = ids.next<WorkspaceId>();
  await db.execute(
    sql`INSERT INTO workspaces (id, organization_id, name, created_at, updated_at) VALUES (${id}, ${organizationId}, ${name}, now(), now())`,
  );
  return id;
}

export type Fields = Record<string, unknown>;
export const dataOf = (reply: Reply): Fields => (reply.body as { data: Fields }).data;

export interface MadeEndpoint extends Fields {
  id: EndpointId;
  secret: string;
}

export interface WebhookScene {
  /** An installation for each test, below HTTP. */
  readonly here: Installation;
  readonly clock: TestClock;
  /** The caller of each test, in an organization of its own. */
  readonly caller: Principal;
  /** Starts another process of the installation. */
  install(overrides?: InstallationOverrides): Promise<Installation>;
  receive(answer?: Parameters<typeof startReceiver>[0]): ReturnType<typeof startReceiver>;
  /** POST /v1/webhooks; by default to a loopback port where nobody listens. */
  create(body?: Fields, on?: Installation, who?: Principal): Promise<MadeEndpoint>;
  publish(type: string, data?: unknown): Promise<{ id: string; deliveries: number }>;
  /**
   * As `until`, while the clock advances: for timers whose moment depends on how busy the machine is. It stands still while a delivery is
   * sent or written: that takes real time, in which an advancing clock would pass its deadline.
   */
  eventually(condition: () => boolean | Promise<boolean>, what: string): Promise<void>;
}

/** Call it inside `describe`: one database for the file, whose processes stop after each test. */
export function webhookScene(overrides: InstallationOverrides = {}): WebhookScene {
  let database: TestDatabase;
  let clock: TestClock;
  let here: Installation;
  let caller: Principal;
  let organizations = 0;
  const stops: (() => Promise<void> | void)[] = [];

  before(async () => {
    database = await createTestDatabase();
  });
  after(() => database.drop());
  beforeEach(async () => {
    clock = new TestClock();
    here = await scene.install(overrides);
    organizations += 1;
    caller = principalOf(await makeOrganization(here.db, here.ids, `acme-${organizations}`));
  });
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  });

  const scene: WebhookScene = {
    get here() {
      return here;
    },
    get clock() {
      return clock;
    },
    get caller() {
      return caller;
    },
    async install(more = {}) {
      const installation = await startInstallation({ databaseUrl: database.url, clock, listens: false, ...more });
      stops.push(() => installation.stop());
      return installation;
    },
    async receive(answer) {
      const receiver = await startReceiver(answer);
      stops.push(() => receiver.close());
      return receiver;
    },
    create: async (body = {}, on = here, who = caller) =>
      dataOf(
        await on.call(who, 'POST', '/v1/webhooks', { target_url: 'http://127.0.0.1:9/hook', events: ['*'], ...body }),
      ) as MadeEndpoint,
    eventually: (condition, what) =>
      here.until(async () => {
        if (await condition()) return true;
        const { inFlight, unsettled } = here.engine.figures;
        if (inFlight + unsettled === 0) await clock.advance(200);
        return false;
      }, what),
    publish: (type, data = {}) =>
      here.events.publisher.publish({
        organizationId: caller.organizationId,
        type,
        data,
        occurredAtMs: clock.now(),
      }),
  };
  return scene;
}
