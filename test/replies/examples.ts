import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { replyClasses } from '../../src/mail/replies/reply.ts';
import type { ReplyClass } from '../../src/mail/replies/reply.ts';

/** One reply of `test/replies`: a line `class [first day back]: text` of a file named by its language. */
export interface Example {
  readonly language: string;
  readonly classification: ReplyClass;
  readonly returnDate: string | undefined;
  readonly text: string;
}

/** The day on which all of them were written, a Tuesday. */
export const writtenOn = '2026-06-09';

/** Reads a set: `train` is what rules and model are made with; `test` is only measured. */
export function readExamples(set: 'train' | 'test'): Example[] {
  const folder = new URL(`./${set}/`, import.meta.url);
  return readdirSync(folder)
    .toSorted()
    .flatMap((file) =>
      readFileSync(new URL(file, folder), 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line): Example => {
          const [, name, returnDate, text = ''] = /^(\w+)(?: (\S+))?: (.*)$/u.exec(line) ?? [];
          const classification = replyClasses.find((each) => each === name);
          if (classification === undefined) throw new Error(`${set}/${file}: no class in "${line}"`);
          return { language: basename(file, '.txt'), classification, returnDate, text };
        }),
    );
}

export const digestOf = (examples: readonly Example[]): string =>
  createHash('sha256').update(JSON.stringify(examples)).digest('hex');
