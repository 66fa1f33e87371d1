export { rawBytesMax } from './incoming.ts';
export type { Batch, Folder, Found, Incoming, Position, Receive, Received } from './incoming.ts';
export { createReceiving } from './receiving.ts';
export type { OwnCopy, ReceivedCalendar, ReceivedReply, Receiving, ReplyMatch, ReceivingOptions } from './receiving.ts';
