import { createHash } from 'node:crypto';

/** A number from 0 to 1, without 1, that follows from a text: every process draws the same. */
export const draw = (text: string): number => createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;
