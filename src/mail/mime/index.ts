export { buildMessage } from './build.ts';
export type { BuiltMessage, MessageInput, NamedAddress } from './build.ts';
export { bodyBytesMax, contentProblems, hasControls, needsSmtputf8, subjectCharactersMax } from './content.ts';
export type { Content } from './content.ts';
export type { DkimKey } from './dkim.ts';
export { messageIdOf } from './message-id.ts';
