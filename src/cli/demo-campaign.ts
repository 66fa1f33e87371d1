import { setTimeout as sleep } from 'node:timers/promises';
import { OperatorError } from '../base/errors.ts';
import { createApi } from './api.ts';
import type { Api } from './api.ts';
import { campaignTable, deliveryTable } from './demo-campaign-report.ts';
import type { Ended } from './demo-campaign-report.ts';
import { contactsFile, optingOut, senders, sequence } from './demo-people.ts';
import { withDemo } from './demo-product.ts';
import type { DemoScene } from './demo-product.ts';
import { monotonicMs } from './demo-receiver.ts';
import type { Arrival, FromReceiver } from './demo-receiver.ts';

const hourSeconds = 3_600;
/** The clock of the sandbox is moved by so much at a time, at most so often: a campaign of three steps takes about two weeks. */
const stepSeconds = 6 * hourSeconds;
const stepsMax = 120;
/** Between two looks at something that takes a moment. */
const lookMs = 100;
const waitMaxMs = 60_000;
/** Deliveries end when none arrives for this long. */
const quietMs = 2_000;

interface Data<T> {
  readonly data: T;
}

/** Runs a campaign in a sandbox with simulated recipients, while its events arrive at a receiver. Ends with two tables. */
export const campaignDemo = (): Promise<void> => withDemo(show);

async function show({ url, key, receiver, receiverUrl, signal }: DemoScene): Promise<void> {
  const live = createApi(url, key);
  const { data: sandbox } = (await live.call('POST', '/v1/keys', {
    body: { name: 'demo', sandbox: true },
  })) as Data<{ key: string }>;
  const api = createApi(url, sandbox.key);
  const arrivals: Arrival[] = [];
  receiver.on('message', (message: FromReceiver) => {
    if (message.kind !== 'arrival') return;
    arrivals.push(message);
    console.log(lineOf(message));
  });
  const { data: endpoint } = (await api.call('POST', '/v1/webhooks', {
    body: { target_url: receiverUrl, events: ['campaign.*', 'email.*', 'reply.*'], dialect: 'standard' },
  })) as Data<{ secret: string }>;
  receiver.postMessage(endpoint.secret);

  const mailboxes = await Promise.all(senders.map((email) => makeMailbox(api, email)));
  console.log(`${mailboxes.length} mailboxes that send into the installation: ${senders.join(', ')}.`);
  const imported = await importContacts(api, signal);
  console.log(`${imported} contacts imported from a CSV file.`);
  const id = await launch(api, mailboxes);
  console.log('A campaign of three steps is launched. Its clock runs fast; its events arrive:\n');
  await runToEnd(api, id, signal);
  await quiet(arrivals, signal);

  const deliveries = deliveryTable(arrivals);
  console.log(`\n${campaignTable(await ended(api, id))}\n\n${deliveries.text}\n`);
  if (!deliveries.good) throw new OperatorError('Some deliveries were repeated or have an invalid signature.');
}

function lineOf({ event, data, standard }: Arrival): string {
  const about = [data['recipient'], data['from'], data['name']].find((value) => typeof value === 'string') ?? '';
  const step = typeof data['step'] === 'number' ? `step ${data['step']}` : '';
  const signature = standard ? 'signature ok' : 'WRONG SIGNATURE';
  return `  ${event.padEnd(20)}  ${about.padEnd(38)}  ${step.padEnd(6)}  ${signature}`;
}

async function makeMailbox(api: Api, email: string): Promise<string> {
  const { data } = (await api.call('POST', '/v1/mailboxes', {
    // All recipients have one domain.
    body: { email, provider: 'capture', max_hourly_per_domain: 30 },
  })) as Data<{ id: string }>;
  return data.id;
}

/** @returns how many contacts it made */
async function importContacts(api: Api, signal: AbortSignal): Promise<number> {
  const { data: job } = (await api.call('POST', '/v1/imports', {
    body: { lawful_basis: 'legitimate_interests', tags: ['demo'], source: 'Demo', file_name: 'demo.csv' },
  })) as Data<{ id: string }>;
  await api.call('PUT', `/v1/imports/${job.id}/file`, {
    bodyText: contactsFile(),
    headers: { 'content-type': 'text/csv' },
  });
  const done = await until(signal, 'the import ends', async () => {
    const { data } = (await api.call('GET', `/v1/imports/${job.id}`)) as Data<{
      state: string;
      progress: { created: number };
    }>;
    return data.state === 'completed' ? data : undefined;
  });
  return done.progress.created;
}

async function launch(api: Api, mailboxes: readonly string[]): Promise<string> {
  const { data: contacts } = (await api.call('GET', '/v1/contacts?tag=demo&page_size=100')) as Data<
    readonly { readonly id: string }[]
  >;
  const { data } = (await api.call('POST', '/v1/campaigns?autolaunch=true', {
    body: {
      name: 'Spring tour',
      mailbox_ids: mailboxes,
      sequence,
      schedule: { timezone: 'Europe/Oslo', days: [1, 2, 3, 4, 5], start: '09:00', end: '17:00', holidays: ['NO'] },
      tracking: { opens: true, clicks: true },
      // All recipients have one domain, which no mail server on the Internet has.
      stop: { company: 'off' },
      company_max: 0,
      verification: 'off',
      contact_ids: contacts.map(({ id }) => id),
    },
  })) as Data<{ id: string }>;
  return data.id;
}

/** Unsubscribes recipients who have a message, by one click (RFC 8058), as a mail program does it. @returns the others */
async function optOut(api: Api, recipients: readonly string[]): Promise<string[]> {
  const waiting: string[] = [];
  for (const email of recipients) {
    const { data: found } = (await api.call('GET', `/v1/captured-messages?to=${encodeURIComponent(email)}`)) as Data<
      readonly { readonly id: string }[]
    >;
    const [message] = found;
    if (message === undefined) {
      waiting.push(email);
      continue;
    }
    const { data } = (await api.call('GET', `/v1/captured-messages/${message.id}`)) as Data<{
      headers: { 'list-unsubscribe'?: readonly string[] };
    }>;
    const url = /<(https?:[^>]+)>/.exec(data.headers['list-unsubscribe']?.[0] ?? '')?.[1];
    if (url === undefined) throw new OperatorError(`The message to ${email} has no link to unsubscribe.`);
    const answer = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
      signal: AbortSignal.timeout(waitMaxMs),
    });
    if (!answer.ok) throw new OperatorError(`Unsubscribing ${email} was answered with ${answer.status}.`);
  }
  return waiting;
}

/** Moves the clock of the sandbox until no lead waits for another message. */
async function runToEnd(api: Api, id: string, signal: AbortSignal): Promise<void> {
  let toOptOut: readonly string[] = optingOut;
  for (let step = 0; step < stepsMax && !signal.aborted; step += 1) {
    toOptOut = await optOut(api, toOptOut);
    const { data } = (await api.call('GET', `/v1/campaigns/${id}`)) as Data<{ status: string; pause_detail?: string }>;
    if (data.status === 'completed') return;
    if (data.status === 'paused')
      throw new OperatorError(`The campaign was paused: ${data.pause_detail ?? 'no reason'}`);
    await api.call('POST', '/v1/sandbox/clock', { body: { advance_seconds: stepSeconds } });
    await until(signal, 'the clock arrives', async () => {
      const clock = (await api.call('GET', '/v1/sandbox/clock')) as Data<{ advancing: boolean }>;
      return clock.data.advancing ? undefined : clock;
    });
  }
  if (signal.aborted) throw new OperatorError('Stopped before the campaign had ended.');
  throw new OperatorError(`The campaign did not end within ${(stepsMax * stepSeconds) / (24 * hourSeconds)} days.`);
}

async function ended(api: Api, id: string): Promise<Ended> {
  const { data: campaign } = (await api.call('GET', `/v1/campaigns/${id}`)) as Data<Ended['campaign']>;
  const { data: leads } = (await api.call('GET', `/v1/campaigns/${id}/leads?limit=100`)) as Data<Ended['leads']>;
  return { campaign, leads };
}

/** Looks until there is a result. */
async function until<T>(signal: AbortSignal, what: string, look: () => Promise<T | undefined>): Promise<T> {
  const endMs = monotonicMs() + waitMaxMs;
  while (monotonicMs() < endMs && !signal.aborted) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(lookMs);
  }
  throw new OperatorError(signal.aborted ? `Stopped before ${what}.` : `${what}: not within ${waitMaxMs / 1_000} s.`);
}

async function quiet(arrivals: readonly Arrival[], signal: AbortSignal): Promise<void> {
  for (let before = -1; before < arrivals.length && !signal.aborted;) {
    before = arrivals.length;
    await sleep(quietMs);
  }
}
