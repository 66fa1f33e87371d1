import type { Folder } from '../receiving/index.ts';

/** Letters of a `+young` sender of which every third is put into Junk. Then its recipients know it. */
const junkLetters = 40;

/**
 * Where a captured letter arrives; undefined: nowhere. By the address of its receiver, `…+junk@…` and `…+missing@…`, and of its sender,
 * `…+young@…`, which a provider does not know yet.
 * @example
 * folderOf('ada+young@lovelace.test', 'grace@hopper.test', 3) // 'junk'
 */
export function folderOf(from: string, to: string, number: number): Extract<Folder, 'inbox' | 'junk'> | undefined {
  if (/\+missing@/i.test(to)) return undefined;
  if (/\+junk@/i.test(to)) return 'junk';
  return /\+young@/i.test(from) && number < junkLetters && number % 3 === 0 ? 'junk' : 'inbox';
}
