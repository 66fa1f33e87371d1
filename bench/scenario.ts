import type { Stage } from './stage.ts';

/** What a scenario found: rows for the table, and whether what it promises held. */
export interface Result {
  readonly rows: readonly Readonly<Record<string, string | number>>[];
  /** Claims that were checked, with whether they held. A lost event is always one. */
  readonly checks: readonly { readonly claim: string; readonly held: boolean }[];
}

export interface Scenario {
  readonly name: string;
  readonly about: string;
  run(stage: Stage): Promise<Result>;
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
export const round = (value: number, digits = 0): number => Number(value.toFixed(digits));

/** Every scenario's first check: what was acknowledged has arrived. */
export const complete = (published: number, unique: number): { claim: string; held: boolean } => ({
  claim: `${published} published, ${unique} delivered: none missing`,
  held: unique === published,
});
