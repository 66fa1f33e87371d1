export type { LeadsOfDomains } from './facts.ts';
export { rawBytesMax } from './incoming.ts';
export type { Batch, Folder, Found, Incoming, Position, Receive, Received } from './incoming.ts';
export type { Known } from './known.ts';
export { effectiveConfidence, matchedBy } from './match.ts';
export type { Match, MatchedBy } from './match.ts';
export { createReceiving } from './receiving.ts';
export type { OwnCopy, Receiving, ReceivingOptions } from './receiving.ts';
export type { ReceivedCalendar, ReceivedReply } from './store.ts';
