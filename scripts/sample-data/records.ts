/** People, companies and what happened with them, in several scripts. */
import type { Outrider } from '../../sdk/src/index.ts';

/** Given name, family name, language of the town. */
const people = [
  ['Søren', 'Åkesson', 'Oslo', 'NO'],
  ['Ingrid', 'Solbakken', 'Bergen', 'NO'],
  ['Łukasz', 'Żółkiewski', 'Gdańsk', 'PL'],
  ['Nguyễn', 'Thị Minh Khai', 'Hà Nội', 'VN'],
  ['مريم', 'الحسيني', 'القاهرة', 'EG'],
  ['נועה', 'ברקוביץ', 'תל אביב', 'IL'],
  ['山田', '花子', '東京', 'JP'],
  ['สมชาย', 'ใจดี', 'กรุงเทพฯ', 'TH'],
  ['Αικατερίνη', 'Παπαδοπούλου', 'Αθήνα', 'GR'],
  ['Олександр', 'Шевченко', 'Київ', 'UA'],
  ['अनन्या', 'शर्मा', 'दिल्ली', 'IN'],
  ['Anne-Sophie', 'de la Croix-Vaubois von und zu Hohenstein', 'Liège', 'BE'],
  ["D'Arcy", "O'Sullivan <b>", 'Cork', 'IE'],
  ['Jonas', 'Brimmond', 'Hamburg', 'DE'],
  ['Mia', 'Lehtinen', 'Tampere', 'FI'],
] as const;

const firms = [
  'Brimmond GmbH',
  'Fjordpost AS',
  'Nordlicht Versand',
  'Tallinn Labels OÜ',
  'Żubr Logistyka',
  '北海物流',
  'Kyiv Cargo',
];
const titles = ['Head of Logistics', 'Leiterin Einkauf', 'COO', 'Warehouse manager', 'Owner', 'Supply chain director'];
const industries = ['Logistics', 'Retail', 'Manufacturing', 'Software'];
const pick = <Item>(items: readonly [Item, ...Item[]] | readonly Item[], index: number): Item => {
  const item = items[index % items.length];
  if (item === undefined) throw new Error('Nothing to pick from.');
  return item;
};

export interface Records {
  readonly workspaces: readonly string[];
  readonly contacts: readonly string[];
}

/** @param count how many contacts */
export async function addRecords(api: Outrider, count: number): Promise<Records> {
  const workspaces = await Promise.all(
    ['Brimmond GmbH', 'Nordlicht Versand', 'Tallinn Labels'].map((name) => api.workspaces.create({ name })),
  );
  const companies = await Promise.all(
    firms.map((name, index) =>
      api.companies.create({
        name,
        domain: `company-${index + 1}.example`,
        industry: pick(industries, index),
        city: pick(people, index)[2],
        country: pick(people, index)[3],
      }),
    ),
  );
  const contacts: string[] = [];
  for (let from = 0; from < count; from += 250) {
    const { data } = await api.contacts.upsert({
      lawful_basis: 'legitimate_interests',
      lawful_basis_source: 'Trade register',
      contacts: Array.from({ length: Math.min(250, count - from) }, (_, offset) => {
        const index = from + offset;
        const [first, last, city, country] = pick(people, index);
        return {
          email: `person-${index + 1}@company-${(index % firms.length) + 1}.example`,
          first_name: first,
          last_name: index < people.length ? last : `${last} ${Math.floor(index / people.length) + 1}`,
          job_title: pick(titles, index),
          company_id: pick(companies, index).id,
          city,
          country,
          phone: `+47 555 ${String(index).padStart(5, '0')}`,
          tags: [pick(['dach', 'nordics', 'q4', 'trade-fair'], index), ...(index % 9 === 0 ? ['vip'] : [])],
          ...(index % 11 === 0
            ? { status: 'replied' as const }
            : index % 17 === 0
              ? { status: 'bounced' as const }
              : {}),
        };
      }),
    });
    contacts.push(...data.flatMap(({ id }) => id ?? []));
  }
  await addHistory(
    api,
    contacts,
    companies.map(({ id }) => id),
  );
  return { workspaces: workspaces.map(({ id }) => id), contacts };
}

async function addHistory(api: Outrider, contacts: readonly string[], companies: readonly string[]): Promise<void> {
  const projects = await Promise.all(
    (['proposal', 'active', 'review', 'complete', 'archived'] as const).map((stage, index) =>
      api.projects.create({
        name: `Parcel labels ${2024 + index}`,
        stage,
        company_id: pick(companies, index),
        value: 120_000 * (index + 1),
        tags: ['labels'],
      }),
    ),
  );
  for (const [index, contact] of contacts.slice(0, 40).entries())
    await api.activities.create({
      activity_type: pick(['call', 'email', 'meeting', 'note'] as const, index),
      contact_id: contact,
      company_id: pick(companies, index),
      project_id: pick(projects, index).id,
      metadata: pick(
        [
          { direction: 'outbound', outcome: 'connected', duration_seconds: 340, notes: 'Asks for prices per pallet.' },
          { direction: 'received', subject: 'Re: label printers', body: 'Can you send the datasheet?' },
          { subject: 'Site visit' },
          { notes: 'Prefers calls after 14:00.' },
        ],
        index,
      ),
    });
  for (const [name, filter] of [
    [
      'Nordic logistics',
      {
        and: [
          { field: 'tags', op: 'contains', value: 'nordics' },
          { field: 'country', op: 'in', value: ['NO', 'FI'] },
        ],
      },
    ],
    [
      'Replied, not VIP',
      {
        and: [
          { field: 'status', op: 'eq', value: 'replied' },
          { not: { field: 'tags', op: 'contains', value: 'vip' } },
        ],
      },
    ],
  ] as const)
    await api.segments.create({ name, entity: 'contact', filter });
  await api.topics.create({ name: 'Product news' });
  for (const [index, reason] of (['unsubscribed', 'complaint', 'manual', 'hard_bounce'] as const).entries())
    await api.suppressions.create({ email: `former-${index + 1}@elsewhere.example`, reason });
  await api.suppressions.create({ domain: 'competitor.example', reason: 'manual' });
  const { id } = await api.imports.create({ lawful_basis: 'consent', file_name: 'leads-q4.csv', tags: ['import'] });
  await api.imports.uploadFile(
    id,
    `Email,First name,Last name\n${Array.from({ length: 300 }, (_, index) => (index % 23 === 0 ? `not-an-address-${index},,` : `lead-${index}@import.example,Lead,${index}`)).join('\n')}\n`,
  );
}
