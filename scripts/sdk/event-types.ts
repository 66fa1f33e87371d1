/** sdk/src/webhooks/event-types.ts: the events of every dialect, by its own names, and the shape of their data. */
import { canonicalTypes } from '../../src/base/event-types.ts';
import { dialects } from '../../src/vendors/wires.ts';
import type { DialectName } from '../../src/vendors/wires.ts';
import { jsonSchemaOf } from '../../src/events/catalogue.ts';
import { dataOf } from './data-shape.ts';
import { comment, formatted, members, pascal } from './typescript.ts';

/** An event type of a dialect, and the name of its data's interface. */
interface Named {
  readonly dialect: DialectName;
  readonly eventName: string;
  /** The same, or the canonical type where one name stands for several. */
  readonly name: string;
  /** What is inside the interface. */
  readonly shape: string;
}

export function eventTypesSource(): string {
  // standard first: a dialect that has the same data has the same interface.
  const names: DialectName[] = [
    'standard',
    ...(Object.keys(dialects) as DialectName[]).filter((name) => name !== 'standard'),
  ];
  const events = names.flatMap((dialect) =>
    canonicalTypes.flatMap((type): Named[] => {
      const eventName = dialects[dialect].eventName(type);
      if (eventName === undefined) return [];
      const isShared = canonicalTypes.some(
        (other) => other !== type && dialects[dialect].eventName(other) === eventName,
      );
      const { properties, required } = dataOf(dialects[dialect], type, jsonSchemaOf(type));
      return [{ dialect, eventName, name: isShared ? type : eventName, shape: members(properties, required) }];
    }),
  );
  const interfaces = interfaceNames([...Map.groupBy(events, (event) => event.shape)]);
  return formatted(
    [
      '// Generated from the catalogue of events and the dialects. Run: npm run generate\n',
      ...[...interfaces].map(([shape, name]) => `export interface ${name} {\n${shape}\n}\n`),
      ...names.map((dialect) => {
        const own = Map.groupBy(
          events.filter((event) => event.dialect === dialect),
          (event) => event.eventName,
        );
        const lines = [...own].map(
          ([name, each]) =>
            `${JSON.stringify(name)}: ${[...new Set(each.map(({ shape }) => interfaces.get(shape)))].join(' | ')};`,
        );
        return `${comment(`What ${dialect} calls an event → its data.`)}export interface ${eventsName(dialect)} {\n${lines.join('\n')}\n}\n`;
      }),
      `${comment('The events of each dialect.')}export interface DialectEvents {\n${names.map((dialect) => `${dialect}: ${eventsName(dialect)};`).join('\n')}\n}\n`,
    ].join('\n'),
  );
}

const eventsName = (dialect: DialectName): string => `${pascal(dialect)}Events`;

/**
 * By shape, after its event; several events of one shape after what they have in common, `contact.created` and `contact.deleted` as `ContactData`,
 * unless another shape would be called the same.
 */
function interfaceNames(
  shapes: readonly (readonly [shape: string, events: readonly Named[]])[],
): ReadonlyMap<string, string> {
  const short = shapes.map(([, events]) => interfaceName(events, commonName));
  const names = shapes.map(([, events], index) =>
    short.indexOf(short[index] ?? '') === short.lastIndexOf(short[index] ?? '')
      ? short[index]
      : interfaceName(events, firstName),
  );
  if (new Set(names).size !== shapes.length)
    throw new Error(`Two shapes of data have the same name: ${names.join(', ')}.`);
  return new Map(shapes.map(([shape], index) => [shape, names[index] ?? '']));
}

function interfaceName(events: readonly Named[], what: (names: readonly string[]) => string): string {
  const dialect = events[0]?.dialect ?? 'standard';
  const names = events.filter((event) => event.dialect === dialect).map((event) => event.name);
  return `${dialect === 'standard' ? '' : pascal(dialect)}${pascal(what(names))}Data`;
}

const firstName = ([first = '']: readonly string[]): string => first;
const commonName = (names: readonly string[]): string =>
  new Set(names).size === 1 ? firstName(names) : firstName(names).replace(/\..*/, '');
