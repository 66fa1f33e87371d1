import { z } from 'zod';
import { canonicalTypes } from '../base/event-types.ts';
import type { CanonicalType } from '../base/event-types.ts';
import { dialectNames, dialects, vendors, vendorsByName } from './wires.ts';
import type { DialectName } from './wires.ts';
import type { EventId, OrganizationId } from '../base/ids.ts';
import { catalogue, exampleIds as example } from '../events/index.ts';

/** One entry of the API document's `webhooks`: what a receiver is sent under one name. */
export interface WebhookOperation {
  readonly summary: string;
  readonly description: string;
  readonly schema: z.ZodType;
  /** By dialect; of a name that stands for several types in it, by type too. */
  readonly examples: Readonly<Record<string, unknown>>;
}

/** The dialects of the native API, the default first. */
const nativeDialects = dialectNames.filter((name) => !vendors.includes(name));

interface Sent {
  readonly dialect: DialectName;
  readonly type: CanonicalType;
  readonly name: string;
}

/**
 * The body of every built-in type under each name that a receiver meets: those of `dialect`, or without one those of `defrost`, the default
 * of the native API, and of `standard`.
 */
export function webhookOperations(dialect?: DialectName): Readonly<Record<string, WebhookOperation>> {
  const sent = (dialect === undefined ? nativeDialects : [dialect]).flatMap((each) =>
    canonicalTypes.flatMap((type): Sent[] => {
      const name = dialects[each].eventName(type);
      return name === undefined ? [] : [{ dialect: each, type, name }];
    }),
  );
  // In the order of the catalogue.
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
    description: `${same.map(({ dialect, type, name }) => `In the dialect \`${dialect}\`${name === type ? '' : `, of the type \`${type}\``}.`).join(' ')} Events that callers publish may lack fields of \`data\`, and have others.`,
    schema: schemas.length === 1 && first !== undefined ? first : z.union(schemas),
    examples: Object.fromEntries(
      same.map((each) => [severalTypes(each.dialect) ? `${each.dialect}: ${each.type}` : each.dialect, bodyOf(each)]),
    ),
  };
}

/** As the dialect itself formats it. */
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
