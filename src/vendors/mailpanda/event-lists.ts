import { cut } from '../../base/cut.ts';
import { invalid } from '../../base/errors.ts';
import { canonicalTypes } from '../../base/event-types.ts';
import { wants } from '../../delivery/endpoint.ts';
import type { EndpointRow } from '../../webhooks/endpoints/index.ts';
import { mailpanda } from './wire.ts';

const namePrefix = 'email.';
const shortName = (name: string): string => (name.startsWith(namePrefix) ? name.slice(namePrefix.length) : name);

/** The types that can be subscribed to, with their names in MailPanda's lists: `open`, `click`, `bounce`, `unsubscribe`. */
const offered = canonicalTypes.flatMap((type) => {
  const name = type === 'webhook.test' ? undefined : mailpanda.eventName(type);
  return name === undefined ? [] : [{ type, name, short: shortName(name) }];
});

/** As many names in one list as the other APIs take. */
const namesMax = 100;
export const listCharactersMax = namesMax * 130;

const offeredAs = (name: string) => offered.find(({ short }) => short === shortName(name));

/** @throws ApiError `validation_failed` */
function listed(events: string): string[] {
  const names = events.split(',').map((name) => name.trim());
  if (names.length > namesMax) throw invalid({ events: `must have at most ${namesMax} names` });
  return names;
}

/** Parses `open, email.click` into the names that are stored. @throws ApiError `validation_failed` */
export const namesOf = (events: string): string[] =>
  listed(events).map((given) => {
    const known = offeredAs(given);
    if (known !== undefined) return known.name;
    const choice = offered.map(({ short }) => short).join(', ');
    throw invalid({ events: `must be a comma-separated list of ${choice}; there is no event "${cut(given, 100)}"` });
  });

/** For a webhook of another dialect: the patterns that it is shown with can be sent back, and MailPanda's names stand for their types. */
export const patternsOf = (events: string, stored: readonly string[]): string[] =>
  listed(events).map((given) => (stored.includes(given) ? given : (offeredAs(given)?.type ?? given)));

/** For a webhook of this dialect, MailPanda's names with wildcards expanded; for any other, the patterns as stored. */
export function listOf({ dialect, events }: Pick<EndpointRow, 'dialect' | 'events'>): string {
  if (dialect !== mailpanda.name) return events.join(',');
  const received = events.flatMap((pattern) =>
    offered.filter(({ type }) => wants({ wire: mailpanda, events: [pattern] }, type)),
  );
  return [...new Set(received.map(({ short }) => short))].join(',');
}
