import { dayMs, hourMs } from '../../base/clock.ts';
import { wilsonOf } from '../analytics/index.ts';

/** From best to worst. */
export const bands = ['healthy', 'watch', 'quarantine', 'blocked'] as const;
export type Band = (typeof bands)[number];

/** What happened to the messages of a mailbox on one day of UTC. */
export interface DayCounts {
  /** Start of the day, in Unix milliseconds. */
  readonly dayMs: number;
  readonly sent: number;
  /** Hard bounces and blocks. */
  readonly bounced: number;
  readonly complained: number;
  readonly inboxed: number;
  readonly spam: number;
}

/** What is kept between two calls. */
export interface HealthState {
  /** Null: never measured. */
  readonly band: Band | null;
  /** When the band began, in Unix milliseconds. */
  readonly sinceMs: number;
  /** Days that begin before do not count. */
  readonly countsFromMs: number;
}

export interface HealthInput {
  readonly nowMs: number;
  readonly days: readonly DayCounts[];
  /** Which checks of the sending domain pass; null: not checked. */
  readonly authentication: { readonly spf: boolean; readonly dkim: boolean; readonly dmarc: boolean } | null;
  /** For how much of the last seven days the mailbox was connected; null: it is too new. */
  readonly connection: { readonly connectedMs: number; readonly ofMs: number } | null;
  readonly state: HealthState;
}

export type PartName = 'placement' | 'bounces' | 'complaints' | 'authentication' | 'connection';

/** A part of the score. Without enough data `value` is null, and its weight does not count. */
export interface Part {
  readonly name: PartName;
  readonly weight: number;
  /** 0 (worst) to 1. */
  readonly value: number | null;
  /** As measured, 0 to 1; null without data. */
  readonly rate: number | null;
  /** Of what the rate is a share: messages, checks, or hours. */
  readonly sample: number;
  readonly sampleMin: number;
}

export interface Health {
  /** 0 to 100; null: too little is known. */
  readonly score: number | null;
  readonly band: Band | null;
  readonly parts: readonly Part[];
  /** The part whose improvement would raise the score most; null if nothing is wrong. */
  readonly weakest: PartName | null;
  readonly state: HealthState;
}

export const probation = { ms: 48 * hourMs, sent: 20 };

/** SPEC H2: the share of messages at which the value of a part is 1, and 0. */
const rated = {
  placement: { weight: 40, days: 7, sampleMin: 20, best: 0.95, worst: 0.6 },
  bounces: { weight: 20, days: 30, sampleMin: 50, best: 0.01, worst: 0.08 },
  complaints: { weight: 15, days: 30, sampleMin: 100, best: 0, worst: 0.003 },
} as const;

type Rated = keyof typeof rated;

/** SPEC H4: the least score of a band, and the rates with which one begins. */
const leastScores = { healthy: 80, watch: 60, quarantine: 40, blocked: 0 } as const satisfies Record<Band, number>;
const limits = {
  placement: { watch: 0.1, quarantine: 0.2, blocked: 0.4 },
  complaints: { watch: 0.0003, quarantine: 0.001, blocked: 0.003 },
  bounces: { watch: Infinity, quarantine: 0.05, blocked: 0.1 },
} as const;

/** The share of messages that were found in the inbox, bounced or complained about, and its denominator. */
const counted: Record<Rated, (days: readonly DayCounts[]) => { readonly count: number; readonly of: number }> = {
  placement: (days) => ({ count: sum(days, 'inboxed'), of: sum(days, 'inboxed') + sum(days, 'spam') }),
  bounces: (days) => ({ count: sum(days, 'bounced'), of: sum(days, 'sent') }),
  complaints: (days) => ({ count: sum(days, 'complained'), of: sum(days, 'sent') }),
};

/**
 * Score and band of a mailbox, and the state to call it with next. Pure; the rules are in SPEC.md.
 * @example
 * const { score, band, state } = health({ nowMs, days, authentication, connection, state: newMailbox(nowMs) });
 */
export function health(input: HealthInput): Health {
  const { nowMs, state } = input;
  const now = measure(input, state.countsFromMs, false);
  const { parts, score } = now;
  const weakest = weakestOf(parts);
  const unchanged = { score, parts, weakest, band: state.band, state };
  if (now.band === null) return unchanged;
  if (rank(now.band) > rank(state.band ?? 'healthy') || state.band === null)
    return { ...unchanged, band: now.band, state: { ...state, band: now.band, sinceMs: nowMs } };
  if (nowMs - state.sinceMs < probation.ms || state.band === 'healthy') return unchanged;
  const onProbation = measure(input, state.sinceMs, true);
  if (onProbation.sent < probation.sent) return unchanged;
  // What the next call will measure counts, too: with fewer parts it may be worse.
  const next = measure(input, state.sinceMs, false);
  const band = worstOf([onProbation.band, next.band].filter((one) => one !== null));
  if (band === null || rank(band) >= rank(state.band)) return unchanged;
  return {
    score: next.score,
    parts: next.parts,
    weakest: weakestOf(next.parts),
    band,
    state: { band, sinceMs: nowMs, countsFromMs: state.sinceMs },
  };
}

/** The state of a mailbox of which nothing is known yet. */
export const newMailbox = (nowMs: number): HealthState => ({ band: null, sinceMs: nowMs, countsFromMs: 0 });

interface Measured {
  readonly parts: readonly Part[];
  readonly score: number | null;
  readonly band: Band | null;
  readonly sent: number;
}

/** What the days from `fromMs` on say. On probation, 20 messages are enough for every rate. */
function measure(input: HealthInput, fromMs: number, isProbation: boolean): Measured {
  const within = (days: number): DayCounts[] => {
    const startMs = Math.max(fromMs, input.nowMs - days * dayMs);
    return input.days.filter((day) => day.dayMs >= startMs && day.dayMs <= input.nowMs);
  };
  const parts: Part[] = [];
  const rateBands: Band[] = [];
  for (const name of ['placement', 'bounces', 'complaints'] as const) {
    const { weight, days, best, worst, ...part } = rated[name];
    const sampleMin = isProbation ? probation.sent : part.sampleMin;
    const { count, of } = counted[name](within(days));
    // Of what is wrong, so of placement the spam. Rounded, a bound below a limit would reach it.
    const bad = of < sampleMin ? null : wilsonOf(name === 'placement' ? of - count : count, of).low;
    parts.push({
      name,
      weight,
      value: bad === null ? null : between(name === 'placement' ? 1 - bad : bad, worst, best),
      rate: of === 0 ? null : count / of,
      sample: of,
      sampleMin,
    });
    if (bad !== null) rateBands.push(bandOfRate(limits[name], bad));
  }
  parts.push(authenticationPart(input.authentication), connectionPart(input.connection));
  const score = scoreOf(parts);
  return {
    parts,
    score,
    band: worstOf(score === null ? rateBands : [...rateBands, bandOfScore(score)]),
    sent: sum(within(30), 'sent'),
  };
}

function authenticationPart(checks: HealthInput['authentication']): Part {
  const rate = checks === null ? null : [checks.spf, checks.dkim, checks.dmarc].filter(Boolean).length / 3;
  return { name: 'authentication', weight: 15, value: rate, rate, sample: checks === null ? 0 : 3, sampleMin: 3 };
}

function connectionPart(connection: HealthInput['connection']): Part {
  const hours = (connection?.ofMs ?? 0) / hourMs;
  const rate = connection === null || hours < 1 ? null : connection.connectedMs / connection.ofMs;
  return { name: 'connection', weight: 10, value: rate, rate, sample: Math.floor(hours), sampleMin: 1 };
}

function scoreOf(parts: readonly Part[]): number | null {
  let weight = 0;
  let points = 0;
  for (const part of parts) {
    if (part.value === null) continue;
    weight += part.weight;
    points += part.weight * part.value;
  }
  return weight < 40 ? null : Math.round((100 * points) / weight);
}

/** The part that costs most points. */
function weakestOf(parts: readonly Part[]): PartName | null {
  const lossOf = ({ weight, value }: Part): number => (value === null ? 0 : weight * (1 - value));
  const [first] = parts.toSorted((a, b) => lossOf(b) - lossOf(a));
  return first === undefined || lossOf(first) === 0 ? null : first.name;
}

/** The part whose rate alone is in the band or a worse one; null: the score decides, or what no longer counts did. */
export function causeOf(band: Band, parts: readonly Part[]): PartName | null {
  const cause = parts.find(({ name, value, rate, sample }) => {
    if (value === null || rate === null || name === 'authentication' || name === 'connection') return false;
    const bad = Math.round((name === 'placement' ? 1 - rate : rate) * sample);
    return rank(bandOfRate(limits[name], wilsonOf(bad, sample).low)) >= rank(band);
  });
  return cause?.name ?? null;
}

const bandOfScore = (score: number): Band => bands.find((band) => score >= leastScores[band]) ?? 'blocked';

function bandOfRate(limit: (typeof limits)[Rated], rate: number): Band {
  if (rate >= limit.blocked) return 'blocked';
  if (rate >= limit.quarantine) return 'quarantine';
  return rate >= limit.watch ? 'watch' : 'healthy';
}

const rank = (band: Band): number => bands.indexOf(band);

const worstOf = (all: readonly Band[]): Band | null =>
  all.reduce<Band | null>((worst, band) => (worst === null || rank(band) > rank(worst) ? band : worst), null);

/** 0 at `worst`, 1 at `best`, linear between them. */
const between = (rate: number, worst: number, best: number): number =>
  Math.min(1, Math.max(0, (rate - worst) / (best - worst)));

const sum = (days: readonly DayCounts[], count: Exclude<keyof DayCounts, 'dayMs'>): number =>
  days.reduce((total, day) => total + day[count], 0);
