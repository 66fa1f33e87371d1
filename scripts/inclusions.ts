/**
 * Fills pages with content from the code. The lines between `<!-- include verification foxreach -->` and `<!-- end -->` are replaced by the
 * named content: files of docs/snippets, or tables and examples generated from the dialects' wires.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Wire } from '../src/delivery/wire.ts';
import { wires } from '../src/vendors/wires.ts';
import { deliveryTable, eventsOfOne, eventsTable, exampleRequest, retriesOf } from './dialect-tables.ts';
import { root } from './sources.ts';

const languages = [
  { name: 'TypeScript', folder: 'typescript', extension: 'ts' },
  { name: 'Python', folder: 'python', extension: 'py' },
  { name: 'Go', folder: 'go', extension: 'go' },
  { name: 'PHP', folder: 'php', extension: 'php' },
] as const;

/** The verification snippets of one dialect: in every language, or in one (`typescript`). */
async function verification(dialect: string, language: string): Promise<string> {
  const block = async ({ folder, extension }: (typeof languages)[number]): Promise<string> => {
    const text = await readFile(join(root, 'docs/snippets', folder, `${dialect}.${extension}`), 'utf8');
    return `\`\`\`${extension}\n${text.trimEnd()}\n\`\`\``;
  };
  const one = languages.find(({ folder }) => folder === language);
  if (one !== undefined) return block(one);
  if (language !== '') throw new Error(`no language "${language}"`);
  return (await Promise.all(languages.map(async (each) => `${each.name}:\n\n${await block(each)}`))).join('\n\n');
}

function wireOf(name: string): Wire {
  const wire = wires.get(name);
  if (wire === undefined) throw new Error(`no dialect "${name}"`);
  return wire;
}

const makers: Readonly<Record<string, (dialect: string, detail: string) => string | Promise<string>>> = {
  'events-table': eventsTable,
  'delivery-table': deliveryTable,
  events: (dialect) => eventsOfOne(wireOf(dialect)),
  retries: (dialect) => retriesOf(wireOf(dialect)),
  example: (dialect, type) => exampleRequest(wireOf(dialect), type),
  verification,
};

/** Returns the page with its inclusions updated. @throws Error when an inclusion has no end or an unknown name. */
export async function withInclusions(page: string): Promise<string> {
  let filled = '';
  let from = 0;
  const marks = [...page.matchAll(/^<!-- include ([a-z-]+)(?: ([a-z]+))?(?: ([a-z._]+))? -->$/gm)];
  for (const [index, mark] of marks.entries()) {
    const [opening, what = '', dialect = '', detail = ''] = mark;
    const maker = makers[what];
    const end = page.slice(0, marks[index + 1]?.index).indexOf('<!-- end -->', mark.index);
    if (maker === undefined || end === -1)
      throw new Error(`${opening} ${maker === undefined ? 'has an unknown name' : 'has no end'}`);
    filled += `${page.slice(from, mark.index)}${opening}\n${await maker(dialect, detail)}\n`;
    from = end;
  }
  return filled + page.slice(from);
}

export const pageWithInclusions = async (path: string): Promise<string> =>
  withInclusions(await readFile(join(root, path), 'utf8'));

/** The pages that may contain inclusions. */
export const includingPages = async (): Promise<string[]> => [
  'README.md',
  ...(await readdir(join(root, 'docs/dialects')))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/dialects/${name}`),
];
