import { z } from 'zod';
import { canonicalTypes } from '../base/event-types.ts';
import type { CanonicalType } from '../base/event-types.ts';
import { dialectNames, dialects, vendors, vendorsByName } from './wires.ts';
import type { DialectName } from './wires.ts';
import type { EventId, OrganizationId } from '../base/ids.ts';
import { catalogue, exampleIds as example } from '../events/index.ts';

/** One entry of the API document's `webhooks`: the deliveries of one event name. */
export interface WebhookOperation {
  readonly summary: string;
  readonly description: string;
  readonly schema: z.ZodType;
  /** By dialect, and by type where the dialect has one name for several types. */
  readonly examples: Readonly<Record<string, unknown>>;
}

/** The dialects of the native API, the default first. */
const nativeDialects = dialectNames.filter((name) => !vendors.includes(name));

interface Sent {
  readonly dialect: DialectName;
  readonly type: CanonicalType;
  readonly name: string;
}

/** Describes the deliveries of every built-in type, by event name: in `dialect`, or by default in the dialects of the native API. */
export function webhookOperations(dialect?: DialectName): Readonly<Record<string, WebhookOperation>> {
  const sent = (dialect === undefined ? nativeDialects : [dialect]).flatMap((each) =>
    canonicalTypes.flatMap((type): Sent[] => {
      const name = dialects[each].eventName(type);
      return name === undefined ? [] : [{ dialect: each, type, name }];
    }),
  );
  const ordered = sent.toSorted((a, b) => canonicalTypes.indexOf(a.type) - canonicalTypes.indexOf(b.type));
  return Object.fromEntries(
    [...Map.groupBy(ordered, ({ name }) => name)].map(([name, same]) => [name, operationOf(same)]),
  );
}

function operationOf(same: readonly Sent[]): WebhookOperation {
  const types = [...new Set(same.map(({ type }) => type))];
  const schemas = same.map(({ dialect, type, name }) => vendorsByName[dialect].deliveryBody(type, name));
  const [first] = schemas;
  const severalTypes = (dialect: DialectName): boolean => same.filter((each) => each.dialect === dialect).length > 1;
  return {
    summary: types.map((type) => catalogue[type].description).join(' Or: '),
    description: `${same.map(({ dialect, type, name }) => `Formatted as \`${dialect}\`${name === type ? '' : `, for the type \`${type}\``}.`).join(' ')} In events that callers publish, \`data\` may lack fields and have others.`,
    schema: schemas.length === 1 && first !== undefined ? first : z.union(schemas),
    examples: Object.fromEntries(
      same.map((each) => [severalTypes(each.dialect) ? `${each.dialect}: ${each.type}` : each.dialect, bodyOf(each)]),
    ),
  };
}

/** The catalogue's example as the dialect formats it. */
function bodyOf({ dialect, type }: Sent): unknown {
  const body = dialects[dialect].body({
    id: example.event as EventId,
    organizationId: example.organization as OrganizationId,
    type,
    data: Buffer.from(JSON.stringify(catalogue[type].example)),
    occurredAtMs: Date.parse(example.later),
    sandbox: false,
  });
  return JSON.parse(body.toString());
}
