export { classify } from './classify.ts';
export type { Judgement, Refusal } from './classify.ts';
export { machineOf } from './machine.ts';
export type { Machine } from './machine.ts';
export { readReport } from './read.ts';
export type { Command, Reason, Report, ReportedRecipient, ReportKind, Verdict } from './types.ts';
