/** Generates the tables and examples of docs/dialects from the wires. */
import { standardHeaders, signingSecret } from '../src/delivery/sign.ts';
import type { Wire } from '../src/delivery/wire.ts';
import { canonicalTypes, isCanonical } from '../src/base/event-types.ts';
import { dialects } from '../src/vendors/wires.ts';
import { catalogue } from '../src/events/catalogue.ts';
import { example } from '../src/events/catalogue/built-in.ts';
import type { DeliveryId, EventId, OrganizationId } from '../src/base/ids.ts';

const wires: readonly Wire[] = Object.values(dialects);
const code = (text: string): string => `\`${text}\``;
const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(...head), row(...head.map(() => '---')), ...rows.map((cells) => row(...cells))].join('\n');

/** Each canonical type and its name at each vendor. `standard` uses the canonical names. */
export function eventsTable(): string {
  const vendors = wires.filter((wire) => wire !== dialects.standard);
  const nameIn = (wire: Wire, type: string): string => {
    const name = wire.eventName(type);
    return name === undefined ? '–' : name === type ? 'same' : code(name);
  };
  return table(
    ['type', ...vendors.map(({ name }) => name)],
    canonicalTypes.map((type) => [code(type), ...vendors.map((wire) => nameIn(wire, type))]),
  );
}

const units = [
  { seconds: 86_400, sign: 'd' },
  { seconds: 3_600, sign: 'h' },
  { seconds: 60, sign: 'm' },
  { seconds: 1, sign: 's' },
] as const;

/** Formats seconds in the largest unit that divides them: `90` → `90 s`, `7200` → `2 h`. */
function span(seconds: number): string {
  const unit = units.find((each) => seconds % each.seconds === 0) ?? units[3];
  return `${seconds / unit.seconds} ${unit.sign}`;
}

const schedule = ({ retryScheduleSeconds }: Wire): string => retryScheduleSeconds.map(span).join(', ');

const endings: Readonly<Record<Wire['whenExhausted'], string>> = {
  disable: 'the endpoint is disabled',
  disableUnlessRecovered: 'the endpoint is disabled, unless another delivery to it has succeeded since',
  nothing: 'nothing happens to the endpoint',
};

export const deliveryTable = (): string =>
  table(
    ['dialect', 'timeout', 'retried after', 'after the last attempt'],
    wires.map((wire) => [code(wire.name), span(wire.timeoutMs / 1_000), schedule(wire), endings[wire.whenExhausted]]),
  );

export const retriesOf = (wire: Wire): string =>
  `Respond with 2xx within ${span(wire.timeoutMs / 1_000)}. After any other response, including a redirect or a late one, the delivery is retried after ${schedule(wire)}. Each wait is up to 10 % longer at random, so that retries do not arrive all at once. When the last attempt fails, ${endings[wire.whenExhausted]}.`;

/** The events of one dialect, including the test event, with Outrider's own names. */
export function eventsOfOne(wire: Wire): string {
  const names = [...new Set(canonicalTypes.flatMap((type) => wire.eventName(type) ?? []))];
  return table(
    ['event', "Outrider's type", 'when'],
    names.map((name) => {
      const types = canonicalTypes.filter((type) => wire.eventName(type) === name);
      return [code(name), types.map(code).join(', '), types.map((type) => catalogue[type].description).join(' ')];
    }),
  );
}

const secrets: Readonly<Record<string, string>> = {
  foxreach: 'a0b1c2d3e4f5061728394a5b6c7d8e9fa0b1c2d3e4f5061728394a5b6c7d8e9f',
};
const standardSecret = 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=';

/** A complete delivery request with the catalogue's example, signed with the secret that it shows. */
export function exampleRequest(wire: Wire, type: string): string {
  if (!isCanonical(type)) throw new Error(`no type "${type}"`);
  const secret = secrets[wire.name] ?? standardSecret;
  const occurredAtMs = Date.parse(example.later);
  const event = {
    id: example.event as EventId,
    organizationId: example.organization as OrganizationId,
    type,
    data: Buffer.from(JSON.stringify(catalogue[type].example)),
    occurredAtMs,
    sandbox: false,
  };
  const signing = signingSecret(secret);
  const attempt = {
    deliveryId: example.delivery as DeliveryId,
    event,
    body: wire.body(event),
    timestampMs: occurredAtMs + 250,
    secrets: [signing],
    loneSecret: signing,
    signingKey: undefined,
  } as const;
  const headers = { 'content-type': 'application/json', ...standardHeaders(attempt), ...wire.headers(attempt) };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return `Signed with the secret \`${secret}\`:\n\n\`\`\`http\nPOST /hook HTTP/1.1\n${lines.join('\n')}\n\n${attempt.body.toString()}\n\`\`\``;
}
