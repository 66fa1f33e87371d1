export { readReply } from './read.ts';
export { languages, replyClasses } from './reply.ts';
export type { Language, Reading, Referral, ReplyClass } from './reply.ts';
