/** Every command of docs/records.md and of the pages in docs/dialects does what the page says, in the order in which it stands there. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { dialectNames } from '../../src/dialects/registry.ts';
import { productScene } from '../product.ts';

/** What a page's commands name, by the variable. `ID`: what the first answer that has an id is about. */
type Variables = Readonly<Record<string, string>>;

/** Variables for what the first answer of this path is about. */
const made: Variables = {
  LEAD: '/api/v1/leads',
  SUPPRESSION: '/v1/suppressions',
  CONTACT: '/api/contacts-create',
  COMPANY: '/api/companies-create',
  PROJECT: '/api/projects-create',
};

/** A command's words as a shell makes them: quotes, variables, lines that go on. @throws on a variable that is none of these. */
function wordsOf(command: string, variables: Variables): string[] {
  const expand = (text: string): string => text.replaceAll(/\$(\w+)/g, (_, name: string) => variables[name] ?? assert.fail(`$${name}`));
  return [...command.replaceAll('\\\n', ' ').matchAll(/(?:'[^']*'|"(?:\\.|[^"\\])*"|[^\s'"])+/g)].map(([word]) =>
    word.replaceAll(/'([^']*)'|"([^"]*)"|[^'"]+/g, (piece, single?: string, double?: string) => single ?? expand(double ?? piece)),
  );
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string | undefined;
}

/** @throws on an option that is not curl's -s, -X, -H or -d. */
function callOf(words: readonly string[]): Call {
  assert.equal(words[0], 'curl');
  let call: Call = { method: 'GET', path: '', headers: {}, body: undefined };
  for (let at = 1; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const value = (): string => words[(at += 1)] ?? assert.fail(`${word} of what?`);
    if (word === '-X') call = { ...call, method: value() };
    else if (word === '-d') call = { ...call, method: call.method === 'GET' ? 'POST' : call.method, body: value() };
    else if (word === '-H') {
      const [name = '', ...rest] = value().split(': ');
      call = { ...call, headers: { ...call.headers, [name]: rest.join(': ') } };
    } else if (word !== '-s') call = { ...call, path: word.replace(/^http:\/\/localhost:8080(?=\/)/, '') };
  }
  return call;
}

const commandsOf = (page: string): string[] => [...page.matchAll(/```sh\n(.*?)```/gs)].flatMap(([, block = '']) => block.trim().split('\n\n'));

function idIn(text: string): string | undefined {
  return /"id":(?:"([^"]+)"|(\d+))/
    .exec(text)
    ?.slice(1)
    .find((id) => id !== undefined);
}

describe('the commands on the pages', () => {
  // Nothing leaves this machine: the pages' hosts have no address here.
  const scene = productScene(() => ({ resolve: () => Promise.reject(Object.assign(new Error('no such host'), { code: 'ENOTFOUND' })) }));

  for (const name of [...dialectNames.map((dialect) => `dialects/${dialect}`), 'records']) {
    test(name, async () => {
      const { url, withKey } = await scene.product.tenant();
      const { key } = await withKey({});
      const page = await readFile(fileURLToPath(new URL(`../../docs/${name}.md`, import.meta.url)), 'utf8');
      const commands = commandsOf(page);
      assert.ok(commands.length > 3);
      const variables: Record<string, string> = { OUTRIDER_KEY: key };
      for (const command of commands) {
        const { method, path, headers, body } = callOf(wordsOf(command, variables));
        assert.ok(path.startsWith('/'), `another server than the page's: ${command}`);
        const answer = await fetch(`${url}${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
        const text = await answer.text();
        assert.ok(answer.ok, `${command}\n${answer.status} ${text}`);
        const id = method === 'POST' ? idIn(text) : undefined;
        for (const variable of ['ID', ...Object.keys(made).filter((each) => made[each] === path)]) if (id !== undefined) variables[variable] ??= id;
      }
      assert.ok(variables['ID'] !== undefined);
    });
  }
});
