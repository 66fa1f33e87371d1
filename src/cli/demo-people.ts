/** Whom the campaign of the demo writes to, and what. */

export const senders = ['grace@hopper.example', 'jean@bartik.example', 'katherine@johnson.example'] as const;

/** The reactions of recipients, and how many of the 40 people have each. They are simulated, but for `optout`: the demo acts for these. */
const reactions = [
  ['delivered', 15],
  ['open', 8],
  ['click', 5],
  ['interested', 4],
  ['notinterested', 2],
  ['ooo', 2],
  ['bounce', 2],
  ['optout', 2],
] as const;

const firstNames = ['Ada', 'Alan', 'Annie', 'Barbara', 'Claude', 'Dorothy', 'Edsger', 'Frances', 'Hedy', 'Mary'];
const lastNames = ['Easley', 'Hamilton', 'Keller', 'Lamarr'];

const addresses = reactions
  .flatMap(([kind, count]) => Array.from({ length: count }, () => kind))
  .map((kind, index) => `person${index + 1}+${kind}@simulator.test`);
/** Who unsubscribe by the header of their first message. */
export const optingOut: readonly string[] = addresses.filter((email) => email.includes('+optout@'));

/** A CSV file with 40 contacts. */
export function contactsFile(): string {
  const lines = addresses.map((email, index) => {
    const first = firstNames[index % firstNames.length];
    const last = lastNames[Math.floor(index / firstNames.length)];
    return `${email},${first},${last},Company ${index + 1}`;
  });
  return ['Email,First name,Last name,Company name', ...lines, ''].join('\r\n');
}

/** Three steps; the follow-ups have no subject, so they answer in the thread of the first. */
export const sequence = [
  {
    subject: '{A question|Something} for {{ company_name }}',
    body: '<p>Hi {{ first_name | default: "there" }},</p><p>could we show you <a href="https://outrider.example/tour">how it works</a>?</p>',
    format: 'html',
  },
  {
    body: '<p>Hi {{ first_name | default: "there" }},</p><p>did you have time to look at <a href="https://outrider.example/tour">the tour</a>?</p>',
    format: 'html',
    delay_days: 2,
  },
  { body: 'Hi {{ first_name | default: "there" }},\n\nthis is my last message. Thank you for reading.', delay_days: 3 },
] as const;
