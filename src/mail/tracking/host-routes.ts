import { z } from 'zod';
import { cursorListQuery, cursorBody, listingOf } from '../../http/listing.ts';
import { ofWorkspace, within, namedWorkspace } from '../../auth/index.ts';
import type { Clock } from '../../base/clock.ts';
import { notFound } from '../../base/errors.ts';
import type { WorkspaceId } from '../../base/ids.ts';
import { cursorPageOf, dataOf } from '../../http/page.ts';
import { chargeMinute } from '../../http/rate-limit.ts';
import type { RateLimiter } from '../../http/rate-limit.ts';
import { route } from '../../http/route.ts';
import type { Answer, RecordTag, Route } from '../../http/route.ts';
import { hidesAddresses, hostStages } from './host-check.ts';
import type { OwnershipRecord } from './host-check.ts';
import { unseenMaxMs } from './hosts.ts';
import { hostsMax } from './own-hosts.ts';
import type { OwnHosts } from './own-hosts.ts';
import { lockHost } from './queries.ts';
import type { HostRow } from './queries.ts';

export interface HostRoutesOptions {
  readonly hosts: OwnHosts;
  readonly clock: Pick<Clock, 'now'>;
  readonly rateLimiter: Pick<RateLimiter, 'take'>;
}

const common = { tag: 'Tracking domains', boundKeys: 'own' } as const;
const params = z.object({ id: z.uuid() });
/** Of one key. Without a limit, the call would be a tool to explore other people's networks. */
const checksMax = 20;

const shape = z
  .object({
    id: z.uuid(),
    workspace_id: z.uuid().nullable(),
    host: z.string(),
    status: z
      .enum(['pending', 'verified', 'failing'])
      .describe(
        '`pending`: not verified, or not any more. `verified`: links lead over it. `failing`: the last check failed; links lead over it until 3 days after `verified_at`.',
      ),
    problem: z.string().nullable().describe('What was wrong at the last check, and what to do.'),
    record: z
      .object({ type: z.literal('TXT'), name: z.string(), value: z.string() })
      .describe('The DNS record that proves that the host is yours, for the first verification.'),
    verified_at: z.iso.datetime().nullable().describe('When it was last seen to lead to this installation.'),
    checked_at: z.iso.datetime().nullable(),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'TrackingDomain' });

const stageShape = z.object({
  stage: z.enum(hostStages),
  ok: z.boolean(),
  code: z.string().nullable().describe('What is wrong, such as `certificate_expired`; null if nothing is.'),
  message: z.string().describe('What happened, and what to do.'),
});

const checkedShape = shape
  .extend({
    stages: z.array(stageShape).describe('In order, up to the first failure.'),
    dns: z.object({ found: z.array(z.string()), expected: z.string() }).describe('The records of the host.'),
    warnings: z.array(z.string()).describe('What works and may still surprise.'),
  })
  .meta({ id: 'TrackingDomainCheck' });

const example: z.input<typeof shape> = {
  id: '0199c9f4-1b20-7c33-9d11-7b5a4e2f6c10',
  workspace_id: null,
  host: 'links.hopper.example',
  status: 'verified',
  problem: null,
  record: { type: 'TXT', name: '_outrider.links.hopper.example', value: 'outrider=k3vq7m2a' },
  verified_at: '2026-01-05T09:00:00.000Z',
  checked_at: '2026-01-05T09:00:00.000Z',
  created_at: '2026-01-05T08:59:00.000Z',
};
const pendingExample: z.input<typeof shape> = { ...example, status: 'pending', verified_at: null, checked_at: null };
const problem = 'The certificate of links.hopper.example has expired. Renew it, and let its renewal run by itself.';
const checkedExample: z.input<typeof checkedShape> = {
  ...pendingExample,
  problem,
  checked_at: '2026-01-05T09:00:00.000Z',
  stages: [
    { stage: 'dns', ok: true, code: null, message: 'The name links.hopper.example was found.' },
    { stage: 'connection', ok: true, code: null, message: 'links.hopper.example accepts connections.' },
    { stage: 'certificate', ok: false, code: 'certificate_expired', message: problem },
  ],
  dns: {
    found: ['outrider.hopper.example'],
    expected: 'A CNAME record of links.hopper.example to outrider.hopper.example',
  },
  warnings: [],
};
const one = (description: string, shown: z.input<typeof shape>): Answer => ({
  description,
  schema: dataOf(shape),
  example: { data: shown },
});
const record: RecordTag = { lock: (tx, _principal, { id = '' }) => lockHost(tx, id) };
const missing = { 404: { description: 'No such tracking domain.' } } as const;

const onWire = (row: HostRow, record: OwnershipRecord, nowMs: number): z.input<typeof shape> => ({
  id: row.id,
  workspace_id: row.workspace_id,
  host: row.host,
  status:
    row.verified_at === null || nowMs - row.verified_at.getTime() > unseenMaxMs
      ? 'pending'
      : row.problem === null
        ? 'verified'
        : 'failing',
  problem: row.problem,
  record: { ...record },
  verified_at: row.verified_at?.toISOString() ?? null,
  checked_at: row.checked_at?.toISOString() ?? null,
  created_at: row.created_at.toISOString(),
});

/** Whether a proxy names the caller, and is not believed: the caller's address is not one that it names. */
const isHidden = (forwarded: string | string[] | undefined, address: string): boolean =>
  forwarded !== undefined &&
  !String(forwarded)
    .split(',')
    .some((each) => each.trim() === address);

/** The routes of hosts that links lead over, and the challenge that they answer. */
export function hostRoutes(options: HostRoutesOptions): readonly Route[] {
  const { hosts, clock } = options;
  const shown = async (row: HostRow): Promise<z.input<typeof shape>> =>
    onWire(row, await hosts.recordOf(row), clock.now());
  return [
    route({
      ...common,
      method: 'POST',
      record,
      path: '/v1/tracking-domains',
      creates: true,
      namesWorkspace: true,
      summary: 'Add a tracking domain',
      description: `A host of your own for the links and pixels of your messages. Point it to this installation by DNS, add the TXT record of \`record\`, which proves that the host is yours, let a web server or proxy with a certificate pass its requests on, and call \`verify\`. With a workspace, it is for mailboxes of that workspace only. An organization has at most ${hostsMax}.`,
      scope: 'mailboxes:write',
      operationId: 'createTrackingDomain',
      body: z.strictObject({
        host: z.string().max(1_000),
        ...namedWorkspace,
      }),
      bodyExample: { host: example.host },
      answers: {
        201: one('The tracking domain, which is to be verified.', pendingExample),
        403: { description: 'The key is bound to another workspace.' },
        409: { description: `It exists, or there are ${hostsMax} already.` },
      },
      async handle({ body: { host, workspace_id: workspace } }, principal) {
        const row = await hosts.add(principal, host, workspace as WorkspaceId | undefined);
        return {
          status: 201,
          body: { data: await shown(row) },
          headers: { location: `/v1/tracking-domains/${row.id}` },
        };
      },
    }),
    route({
      ...common,
      method: 'GET',
      path: '/v1/tracking-domains',
      summary: 'List tracking domains, newest first',
      scope: 'mailboxes:read',
      operationId: 'listTrackingDomains',
      query: cursorListQuery.extend(ofWorkspace),
      answers: {
        200: {
          description: 'A page of tracking domains.',
          schema: cursorPageOf(shape),
          example: { data: [example], next_cursor: null },
        },
      },
      async handle({ query }, principal) {
        const page = listingOf('/v1/tracking-domains', query);
        const rows = await hosts.list(within(principal, query), page);
        const dated = rows.map((row) => ({ ...row, updated_at: row.checked_at ?? row.created_at }));
        const { data, ...rest } = cursorBody(page, dated, (row) => row);
        return { status: 200, body: { ...rest, data: await Promise.all(data.map(shown)) } };
      },
    }),
    route({
      ...common,
      method: 'GET',
      record,
      path: '/v1/tracking-domains/:id',
      summary: 'Get a tracking domain',
      scope: 'mailboxes:read',
      operationId: 'getTrackingDomain',
      params,
      answers: { 200: one('The tracking domain.', example), ...missing },
      handle: async ({ params: { id } }, principal) => ({
        status: 200,
        body: { data: await shown(await hosts.get(principal, id)) },
      }),
    }),
    route({
      ...common,
      method: 'POST',
      path: '/v1/tracking-domains/:id/verify',
      summary: 'Verify a tracking domain',
      description: `Checks the DNS, the connection, the certificate, and by a random token that requests arrive here. \`stages\` has one sentence and one remedy for the first failure. A verified host is checked every day, and every hour while it fails; after 3 days of failures it is \`pending\` again, with an alert. A key may call this ${checksMax} times a minute.`,
      scope: 'mailboxes:write',
      operationId: 'verifyTrackingDomain',
      params,
      answers: {
        200: {
          description: 'The tracking domain, and what was found.',
          schema: dataOf(checkedShape),
          example: { data: checkedExample },
        },
        ...missing,
      },
      async handle({ params: { id } }, principal) {
        await hosts.get(principal, id);
        const says = `A key may verify ${checksMax} tracking domains a minute.`;
        await chargeMinute(options, `tracking ${principal.keyId}`, checksMax, says);
        const { row, report } = await hosts.verify(principal, id);
        const { stages, dns, warnings } = report;
        return {
          status: 200,
          body: {
            data: {
              ...(await shown(row)),
              stages: [...stages],
              dns: { found: [...dns.found], expected: dns.expected },
              warnings: [...warnings],
            },
          },
        };
      },
    }),
    route({
      ...common,
      method: 'DELETE',
      record,
      path: '/v1/tracking-domains/:id',
      summary: 'Delete a tracking domain',
      description: 'New messages do not use it. Links that were sent work as long as it leads to this installation.',
      scope: 'mailboxes:write',
      operationId: 'deleteTrackingDomain',
      params,
      answers: { 204: { description: 'Deleted.' }, ...missing },
      async handle({ params: { id } }, principal) {
        await hosts.remove(principal, id);
        return { status: 204 };
      },
    }),
    route({
      method: 'GET',
      path: '/t/h/:token',
      tag: 'Tracking',
      summary: 'Answer a challenge',
      description: 'Proves that a host leads to this installation.',
      scope: null,
      undocumented: true,
      params: z.object({ token: z.string() }),
      answers: { 200: { description: 'The proof.', contentType: 'text/plain', schema: z.string() } },
      async handle({ params: { token }, headers, address }) {
        const proof = await hosts.answer(token);
        if (proof === undefined) throw notFound('Page');
        return {
          status: 200,
          headers: { 'content-type': 'text/plain', 'cache-control': 'no-store' },
          body: isHidden(headers['x-forwarded-for'], address) ? proof + hidesAddresses : proof,
        };
      },
    }),
  ];
}
