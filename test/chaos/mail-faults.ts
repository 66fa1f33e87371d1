import type { Fault, FaultContext, FaultStage, Faults } from '../harness/fault-smtp-faults.ts';
import { oneOf } from './random.ts';

const broken: readonly Fault[] = [
  { kind: 'close' },
  { kind: 'reset' },
  { kind: 'silence' },
  { kind: 'partial' },
  { kind: 'partial', close: true },
];
const reply = (code: number, text: string): Fault => ({ kind: 'reply', code, text });
const foreign: Fault = { kind: 'garbage', bytes: 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n' };
/** Of the answers at a stage: a session that connects and sends one message passes ten stages. The last tenth is used up faster. */
const shares = { usual: 0.12, last: 0.5 } as const;
const slow: Fault = { kind: 'drip', everyMs: 2 };

/** What can go wrong at each stage. */
const kinds: Readonly<Record<FaultStage, readonly Fault[]>> = {
  connect: [{ kind: 'close' }, { kind: 'reset' }, { kind: 'silence' }],
  tls: [{ kind: 'close' }, { kind: 'reset' }, { kind: 'silence' }, foreign],
  greeting: [
    ...broken,
    slow,
    foreign,
    reply(421, '4.3.2 Too many connections'),
    reply(554, '5.7.1 No service'),
    { kind: 'flood', bytes: 2_000_000, line: '220-busy\r\n' },
  ],
  ehlo: [...broken, slow, reply(421, '4.3.2 Closing')],
  starttls: [...broken, reply(454, '4.7.0 TLS not available'), reply(502, '5.5.1 Unknown command')],
  auth: [...broken, slow, reply(454, '4.7.0 Temporary failure'), reply(535, '5.7.8 Bad credentials')],
  mail: [
    ...broken,
    slow,
    reply(421, '4.7.0 Try later'),
    reply(451, '4.3.0 Local error'),
    reply(550, '5.4.5 Daily sending limit exceeded'),
    reply(553, '5.7.1 Sender not owned by user'),
  ],
  rcpt: [
    ...broken,
    slow,
    reply(421, '4.7.28 Unusual rate of mail'),
    reply(450, '4.2.0 Greylisted'),
    reply(451, '4.7.1 Greylisted'),
    reply(550, '5.1.1 No such user'),
    reply(550, '5.7.1 Blocked'),
    reply(552, '5.2.2 Mailbox full'),
  ],
  data: [
    ...broken,
    slow,
    reply(421, '4.3.2 Closing'),
    reply(451, '4.3.0 Local error'),
    reply(554, '5.5.1 No valid recipients'),
  ],
  body: [{ kind: 'close' }, { kind: 'reset' }, { kind: 'silence' }, reply(421, '4.3.2 Closing')],
  final: [
    ...broken,
    slow,
    reply(250, '2.0.0 OK <renamed@server.test>'),
    reply(421, '4.3.2 Closing'),
    reply(451, '4.3.0 Local error'),
    reply(552, '5.2.2 Mailbox full'),
    reply(550, '5.7.26 Unauthenticated'),
    reply(554, '5.7.1 Spam'),
  ],
};

/** How many of 19 faults happen at each stage: more where the fate of a message is decided. */
const weights: Readonly<Record<FaultStage, number>> = {
  connect: 1,
  tls: 1,
  greeting: 1,
  ehlo: 1,
  starttls: 1,
  auth: 1,
  mail: 2,
  rcpt: 2,
  data: 2,
  body: 3,
  final: 4,
};

export interface FaultPlan {
  readonly faults: Faults;
  /** Faults that were used, by stage. */
  readonly used: ReadonlyMap<FaultStage, number>;
  readonly left: number;
  /** Whether faults are used. Off at first. */
  active: boolean;
}

/** Draws `count` faults; each is used once, when a session comes to its stage. */
export function planFaults(count: number, random: () => number): FaultPlan {
  const stages = Object.keys(kinds) as FaultStage[];
  const places = stages.flatMap((stage) => Array.from({ length: weights[stage] }, () => stage));
  const waiting = new Map<FaultStage, Fault[]>(stages.map((stage) => [stage, []]));
  for (let index = 0; index < count; index += 1) {
    const stage = places[index % places.length] ?? 'final';
    waiting.get(stage)?.push(oneOf(random, kinds[stage]));
  }
  const used = new Map<FaultStage, number>();
  /** Connections that answer 354 after they refused every recipient. */
  const careless = new Set<number>();
  const plan: FaultPlan = {
    active: false,
    used,
    get left() {
      return [...waiting.values()].reduce((sum, faults) => sum + faults.length, 0);
    },
    faults: ({ stage, connection }: FaultContext) => {
      if (stage === 'data' && careless.delete(connection)) return { kind: 'proceed' };
      if (!plan.active || random() > (plan.left > count / 10 ? shares.usual : shares.last)) return undefined;
      const fault = waiting.get(stage)?.pop();
      if (fault === undefined) return undefined;
      used.set(stage, (used.get(stage) ?? 0) + 1);
      if (stage === 'rcpt' && fault.kind === 'reply' && random() < 0.3) careless.add(connection);
      return fault;
    },
  };
  return plan;
}
