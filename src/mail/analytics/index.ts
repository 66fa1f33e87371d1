export { wilsonOf } from './report.ts';
export { count, countReplies, statsOf, totalsOf } from './analytics.ts';
export { unknownProvider } from './figures.ts';
export type { Delta, Dimension, Figures, StatKey, Stats } from './figures.ts';
export { createAnalytics } from './routes.ts';
export type { Analytics } from './routes.ts';
export { mailboxDays } from './queries.ts';
export type { MailboxDay, MailboxFigures, StatsRow, Totals } from './queries.ts';
