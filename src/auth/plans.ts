import { ApiError } from '../base/errors.ts';

export const plans = ['free', 'starter', 'growth', 'scale', 'enterprise', 'unlimited'] as const;
export type Plan = (typeof plans)[number];

interface Terms {
  /** Over all keys and all processes. Infinity: no limit. */
  readonly requestsPerMinute: number;
  readonly api: boolean;
}

/** The limits are those of the Defrost API; `unlimited` is for operators of their own installation. */
const terms: Readonly<Record<Plan, Terms>> = {
  free: { requestsPerMinute: 60, api: false },
  starter: { requestsPerMinute: 1_000, api: false },
  growth: { requestsPerMinute: 5_000, api: true },
  scale: { requestsPerMinute: 10_000, api: true },
  enterprise: { requestsPerMinute: 30_000, api: true },
  unlimited: { requestsPerMinute: Infinity, api: true },
};

export const isPlan = (text: string): text is Plan => Object.hasOwn(terms, text);

/** A plan unknown to this version (written by another version) has the terms of the smallest plan. */
const termsOf = (plan: string): Terms => (isPlan(plan) ? terms[plan] : terms.free);

export const requestsPerMinute = (plan: string): number => termsOf(plan).requestsPerMinute;

/** @throws ApiError `plan`, naming the current and the required plan. */
export function assertApi(plan: string): void {
  if (termsOf(plan).api) return;
  throw new ApiError('plan', `The API needs the plan growth or above; this organization has the plan ${plan}.`);
}
