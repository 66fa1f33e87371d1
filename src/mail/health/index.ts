export { bands, health, newMailbox } from './health.ts';
export type { Band, DayCounts, Health, HealthInput, HealthState, Part, PartName } from './health.ts';
