/**
 * What pages take from the code. Between `<!-- include verification foxreach -->` and `<!-- end -->` stands what the names say, and nothing
 * else: the files under docs/snippets, or tables and examples made of the dialects' wires.
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
  if (wire === undefined) throw new Error(`there is no dialect "${name}"`);
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

/** The page with its inclusions as they should be. @throws Error on one that has no end, or whose name is none. */
export async function withInclusions(page: string): Promise<string> {
  let made = '';
  let from = 0;
  const marks = [...page.matchAll(/^<!-- include ([a-z-]+)(?: ([a-z]+))?(?: ([a-z._]+))? -->$/gm)];
  for (const [index, mark] of marks.entries()) {
    const [opening, what = '', dialect = '', detail = ''] = mark;
    const maker = makers[what];
    const end = page.slice(0, marks[index + 1]?.index).indexOf('<!-- end -->', mark.index);
    if (maker === undefined || end === -1)
      throw new Error(`${opening} ${maker === undefined ? 'names nothing' : 'has no end'}`);
    made += `${page.slice(from, mark.index)}${opening}\n${await maker(dialect, detail)}\n`;
    from = end;
  }
  return made + page.slice(from);
}

export const pageWithInclusions = async (path: string): Promise<string> =>
  withInclusions(await readFile(join(root, path), 'utf8'));

/** Every page that may include. */
export const includingPages = async (): Promise<string[]> => [
  'README.md',
  ...(await readdir(join(root, 'docs/dialects')))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/dialects/${name}`),
];
