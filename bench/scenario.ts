import type { Stage } from './stage.ts';

/** The result of a scenario: table rows, and the checks of its limits. */
export interface Result {
  readonly rows: readonly Readonly<Record<string, string | number>>[];
  /** Checked claims. Every scenario checks that no event was lost. */
  readonly checks: readonly { readonly claim: string; readonly passed: boolean }[];
}

export interface Scenario {
  readonly name: string;
  readonly about: string;
  /** Of PostgreSQL. */
  readonly settings?: Record<string, string>;
  run(stage: Stage): Promise<Result>;
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
export const round = (value: number, digits = 0): number => Number(value.toFixed(digits));

/** Checks that every acknowledged event was delivered. */
export const complete = (published: number, unique: number): { claim: string; passed: boolean } => ({
  claim: `${published} published, ${unique} delivered: none missing`,
  passed: unique === published,
});
