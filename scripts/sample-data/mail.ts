/** A sandbox in which campaigns ran for two weeks: simulated recipients open, click, reply, bounce. */
import type { Outrider } from '../../sdk/src/index.ts';

const reactions = [
  'delivered',
  'open',
  'click',
  'interested',
  'notinterested',
  'ooo',
  'bounce',
  'delivered',
  'open',
] as const;
const names = [
  ['Søren', 'Åkesson'],
  ['Ingrid', 'Solbakken'],
  ['مريم', 'الحسيني'],
  ['山田', '花子'],
  ['Łukasz', 'Żółkiewski'],
  ['Αικατερίνη', 'Παπαδοπούλου'],
  ['Mia', 'Lehtinen'],
] as const;

const sequence = [
  {
    subject: 'Labels for {{ company_name }}',
    body: 'Hi {{ first_name | default: "there" }},\n\nyour parcels carry three labels each. We print one that all carriers read.\n\nShall I send a sample?',
  },
  { body: 'Hi {{ first_name | default: "there" }},\n\ndid the sample idea reach you?', delay_days: 2 },
  { body: 'Last note from me. Thank you for reading.', delay_days: 3 },
];

const dayMs = 86_400_000;

/** Adds mailboxes, contacts and campaigns in every state, and lets the clock run. @param recipients of each campaign */
export async function addMail(api: Outrider, recipients: number): Promise<void> {
  const mailboxes = await Promise.all(
    ['ingrid', 'sales', 'lena.vogt'].map((name) =>
      api.mailboxes.createMailbox({
        email: `${name}@fjordpost.example`,
        provider: 'capture',
        max_hourly_per_domain: 30,
      }),
    ),
  );
  const mailboxIds = mailboxes.map(({ id }) => id);
  const campaigns: { readonly id: string; readonly name: string }[] = [];
  for (const [index, name] of [
    'Herbst 2026: Logistikleiter DACH',
    'Nordic warehouses',
    'Trade fair follow-up',
    'Old customers',
  ].entries()) {
    const { data } = await api.contacts.upsert({
      lawful_basis: 'legitimate_interests',
      contacts: Array.from({ length: recipients }, (_, offset) => {
        const [first, last] = names[offset % names.length] ?? ['Ada', 'Lovelace'];
        const reaction = reactions[offset % reactions.length] ?? 'delivered';
        return {
          email: `c${index}p${offset}+${reaction}@simulator.test`,
          first_name: first,
          last_name: last,
          company_name: `Company ${offset + 1}`,
        };
      }),
    });
    campaigns.push(
      await api.campaigns.create({
        name,
        mailbox_ids: mailboxIds,
        sequence,
        schedule: { timezone: 'Europe/Oslo', days: [1, 2, 3, 4, 5], start: '08:00', end: '18:00' },
        stop: { company: 'off' },
        company_max: 0,
        verification: 'off',
        tracking: { opens: true, clicks: true },
        contact_ids: data.flatMap(({ id }) => id ?? []),
      }),
    );
  }
  const [autumn, nordic, fair] = campaigns;
  await api.campaigns.create({ name: 'Winter draft', mailbox_ids: mailboxIds, sequence });
  for (const each of [autumn, fair]) if (each !== undefined) await api.campaigns.launch(each.id);
  await advance(api, 8 * dayMs);
  if (nordic !== undefined) await api.campaigns.launch(nordic.id);
  if (autumn !== undefined) await api.campaigns.pause(autumn.id);
  await advance(api, 5 * dayMs);
}

/** In steps of half a day, until all that is due was done. */
async function advance(api: Outrider, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= dayMs / 2) {
    await api.sandboxClock.advance({ advance_seconds: dayMs / 2_000 });
    for (;;) {
      const { advancing } = await api.sandboxClock.get();
      if (!advancing) break;
      await new Promise((resolve) => {
        setTimeout(resolve, 50);
      });
    }
  }
}
