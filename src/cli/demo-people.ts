/** Whom the campaign of the demo writes to, and what. */

export const senders = ['grace@hopper.example', 'jean@bartik.example', 'katherine@johnson.example'] as const;

/** The reactions of simulated recipients, and how many of the 40 people have each. The first word is what they do. */
const reactions = [
  ['delivered', 15],
  ['open', 8],
  ['click', 5],
  ['interested', 4],
  ['notinterested', 2],
  ['ooo', 2],
  ['bounce', 2],
  ['unsubscribe', 2],
] as const;

const firstNames = ['Ada', 'Alan', 'Annie', 'Barbara', 'Claude', 'Dorothy', 'Edsger', 'Frances', 'Hedy', 'Mary'];
const lastNames = ['Easley', 'Hamilton', 'Keller', 'Lamarr'];

/** A CSV file with 40 contacts. */
export function contactsFile(): string {
  const kinds = reactions.flatMap(([kind, count]) => Array.from({ length: count }, () => kind));
  const lines = kinds.map((kind, index) => {
    const first = firstNames[index % firstNames.length];
    const last = lastNames[Math.floor(index / firstNames.length)];
    return `person${index + 1}+${kind}@simulator.test,${first},${last},Company ${index + 1}`;
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
