/** Generates sdk/src/webhooks/event-types.ts: for each dialect, its event names and the types of their data. */
import { canonicalTypes } from '../../src/base/event-types.ts';
import { dialects } from '../../src/vendors/wires.ts';
import type { DialectName } from '../../src/vendors/wires.ts';
import { catalogue, jsonSchemaOf } from '../../src/events/catalogue.ts';
import { dataOf } from './data-shape.ts';
import { exampleLines } from './examples.ts';
import { comment, formatted, members, pascal } from './typescript.ts';

/** An event of a dialect, and the members of its data's interface. */
interface Named {
  readonly dialect: DialectName;
  readonly eventName: string;
  /** `eventName`, or the canonical type when the dialect uses one name for several types. */
  readonly name: string;
  /** Members of the interface. */
  readonly shape: string;
}

export function eventTypesSource(): string {
  // standard first: dialects with the same data share its interface, under its name.
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
      const { properties, required } = dataOf(dialects[dialect], type, jsonSchemaOf(type), catalogue[type].example);
      return [{ dialect, eventName, name: isShared ? type : eventName, shape: members(properties, required) }];
    }),
  );
  const interfaces = interfaceNames([...Map.groupBy(events, (event) => event.shape)]);
  return formatted(
    [
      '// Generated from the catalogue of events and the dialects. Run: npm run generate\n',
      ...[...interfaces].map(
        ([shape, name]) => `${comment(dataDescription(shape, events))}export interface ${name} {\n${shape}\n}\n`,
      ),
      ...names.map((dialect) => {
        const own = Map.groupBy(
          events.filter((event) => event.dialect === dialect),
          (event) => event.eventName,
        );
        const lines = [...own].map(
          ([name, each]) =>
            `${JSON.stringify(name)}: ${[...new Set(each.map(({ shape }) => interfaces.get(shape)))].join(' | ')};`,
        );
        return `${comment(`Event name in the dialect ${dialect} → its data.`, ...dataExample(eventsName(dialect), own))}export interface ${eventsName(dialect)} {\n${lines.join('\n')}\n}\n`;
      }),
      `${comment('The events of each dialect.', ...eventsExample)}export interface DialectEvents {\n${names.map((dialect) => `${dialect}: ${eventsName(dialect)};`).join('\n')}\n}\n`,
    ].join('\n'),
  );
}

const eventsName = (dialect: DialectName): string => `${pascal(dialect)}Events`;

/** Names the events whose data has this shape, as the first dialect that has it does. */
function dataDescription(shape: string, events: readonly Named[]): string {
  const same = events.filter((event) => event.shape === shape);
  const names = new Set(same.filter(({ dialect }) => dialect === same[0]?.dialect).map(({ eventName }) => eventName));
  return `Data of ${[...names].map((name) => `\`${name}\``).join(', ')} in the dialect ${same[0]?.dialect ?? ''}.`;
}

function dataExample(events: string, own: ReadonlyMap<string, unknown>): string[] {
  const [eventName = ''] = own.keys();
  return exampleLines(
    `import type { ${events} } from '@outrider/sdk/webhooks';\n\nexport const handle = (data: ${events}['${eventName}']): void => console.log(data);`,
  );
}

const eventsExample = exampleLines(
  `import type { DialectEvents } from '@outrider/sdk/webhooks';\n\ntype StandardEventName = keyof DialectEvents['standard'];`,
);

/**
 * Shape → interface name. A shape of one event takes the event's name; a shape of several takes their common prefix (`contact.created` and
 * `contact.deleted` share `ContactData`), or the first event's name when another shape has that prefix too.
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
    throw new Error(`Two data shapes have the same interface name: ${names.join(', ')}.`);
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
