export { isAutomatic } from './automatic.ts';
export { classify } from './classify.ts';
export type { Judgement, Refusal } from './classify.ts';
export { readReport } from './read.ts';
export type { Command, Reason, Report, ReportedRecipient, ReportKind, Verdict } from './types.ts';
