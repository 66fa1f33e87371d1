export { rawBytesMax } from './incoming.ts';
export type { Folder, Incoming, Position, Receive, Received } from './incoming.ts';
