import { headersOf, signedAttempt } from '../../src/delivery/attempt.ts';
import type { Endpoint } from '../../src/delivery/endpoint.ts';
import { signingSecret } from '../../src/delivery/sign.ts';
import type { Wire } from '../../src/delivery/wire.ts';
import { canonicalTypes, type CanonicalType } from '../../src/base/event-types.ts';
import { dialects } from '../../src/vendors/wires.ts';
import { catalogue } from '../../src/events/catalogue.ts';
import { endpointOf, itemOf } from '../../test/harness/deliveries.ts';
import { median, round, type Scenario } from '../scenario.ts';

const rounds = 15;
const deliveriesARound = 1_000;
const bytes = 1_024;
/** Limit of the extra cost per delivery compared with `standard`. */
const overMaxMicros = 10;

interface Measured {
  readonly wire: Wire;
  readonly endpoint: Endpoint;
  readonly type: CanonicalType;
  readonly data: Buffer;
  readonly micros: number[];
}

/** The catalogue's example of a type, padded with custom fields to the size of the other benchmarks' events. */
function dataOf(type: CanonicalType): Buffer {
  const own: Record<string, string> = {};
  const data = { ...catalogue[type].example, custom_fields: own };
  for (let number = 1; JSON.stringify(data).length < bytes - 60; number += 1) own[`field_${number}`] = 'x'.repeat(40);
  return Buffer.from(JSON.stringify(data));
}

const measured = (wire: Wire, type: CanonicalType): Measured => ({
  wire,
  endpoint: endpointOf({ wire, secret: signingSecret(wire.newSecret()) }),
  type,
  data: dataOf(type),
  micros: [],
});

/** Measures CPU microseconds per delivery: formatting the body of a new event, and the headers of one attempt. */
function measure({ endpoint, type, data, micros }: Measured): void {
  const items = Array.from({ length: deliveriesARound }, () => itemOf(endpoint, 0, { type, data }));
  const nowMs = Date.now();
  const before = process.cpuUsage();
  for (const item of items) headersOf(endpoint, signedAttempt(endpoint, item, nowMs));
  const { user, system } = process.cpuUsage(before);
  micros.push((user + system) / deliveriesARound);
}

/** Measures formatting and signing in this process; sending is the same for all dialects. */
export const dialectCosts: Scenario = {
  name: 'dialects',
  about: 'extra CPU µs per delivery of each dialect over standard, for its most expensive event type, 1 KB events',
  run() {
    const wires: readonly Wire[] = Object.values(dialects);
    const baselines = new Map(canonicalTypes.map((type) => [type, measured(dialects.standard, type)]));
    const others = wires
      .filter((wire) => wire !== dialects.standard)
      .flatMap((wire) =>
        canonicalTypes.filter((type) => wire.eventName(type) !== undefined).map((type) => measured(wire, type)),
      );
    const all = [...baselines.values(), ...others];
    // Interleaved, so that a busy moment of the machine affects all dialects; the first round warms up.
    for (let turn = 0; turn <= rounds; turn += 1) {
      if (turn === 1) for (const { micros } of all) micros.length = 0;
      for (const each of all) measure(each);
    }
    const figures = others.map(({ wire, type, micros }) => {
      const standard = median(baselines.get(type)?.micros ?? []);
      return { wire, type, standard, own: median(micros), over: median(micros) - standard };
    });
    const costliest = wires
      .filter((wire) => wire !== dialects.standard)
      .flatMap((wire) => {
        const own = figures.filter((figure) => figure.wire === wire);
        const typical = median(own.map(({ over }) => over));
        return own
          .toSorted((a, b) => b.over - a.over)
          .slice(0, 1)
          .map((figure) => ({ ...figure, typical }));
      });
    return Promise.resolve({
      rows: costliest.map(({ wire, type, standard, own, over, typical }) => ({
        dialect: wire.name,
        'most expensive type': type,
        'µs standard': round(standard, 1),
        'µs dialect': round(own, 1),
        'µs over': round(over, 1),
        'µs over, median of its types': round(typical, 1),
      })),
      checks: costliest.map(({ wire, type, over }) => ({
        claim: `${wire.name}: ${type} costs ${round(over, 1)} µs more than standard (limit ${overMaxMicros})`,
        passed: over <= overMaxMicros,
      })),
    });
  },
};
