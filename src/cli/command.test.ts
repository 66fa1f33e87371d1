import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { command, duration, parseCommandLine, UsageError, wholeNumber } from './command.ts';
import { commands } from './commands.ts';
import { commandHelp, fullHelp, table, wrap } from './help.ts';
import { configurationPage } from './configuration-page.ts';
import { settings } from '../base/config.ts';

const ran: unknown[] = [];
const samples = [
  command({
    name: 'serve',
    arguments: [],
    summary: 'Serve.',
    options: { processes: { value: 'N', description: 'How many.' } },
    run: async (options) => void ran.push(options),
  }),
  command({
    name: 'keys create',
    arguments: ['NAME'],
    summary: 'Create.',
    options: { org: { value: 'SLUG', description: 'Whose.', required: true }, sandbox: { description: 'Sandbox.' } },
    run: async (options, name) => void ran.push([options, name]),
  }),
  command({ name: 'keys list', arguments: [], summary: 'List.', options: {}, run: async () => {} }),
];

async function run(...words: string[]): Promise<unknown> {
  const invocation = parseCommandLine(samples, words);
  assert.equal(invocation.kind, 'run');
  if (invocation.kind === 'run') await invocation.run();
  return ran.pop();
}

const refused = (words: readonly string[], message: string): void =>
  assert.throws(
    () => parseCommandLine(samples, words),
    (error) => error instanceof UsageError && (assert.equal(error.message, message), true),
  );

describe('the command line', () => {
  test('a command receives its options and arguments; absent flags are false', async () => {
    assert.deepEqual({ ...((await run('serve')) as object) }, {});
    assert.deepEqual({ ...((await run('serve', '--processes', '2')) as object) }, { processes: '2' });
    assert.deepEqual(await run('keys', 'create', 'mine', '--org=acme', '--sandbox'), [
      { org: 'acme', sandbox: true },
      'mine',
    ]);
    assert.deepEqual(await run('keys', 'create', '--org', 'acme', 'mine'), [{ org: 'acme', sandbox: false }, 'mine']);
  });

  test('help is available at every level, and the version', () => {
    for (const words of [[], ['--help'], ['-h'], ['help']]) assert.equal(parseCommandLine(samples, words).kind, 'help');
    for (const words of [
      ['keys', '--help'],
      ['help', 'keys'],
    ]) {
      const found = parseCommandLine(samples, words);
      assert.equal(found.kind === 'group help' && found.group.length, 2);
    }
    // Missing arguments do not matter for help.
    for (const words of [
      ['keys', 'create', '--help'],
      ['help', 'keys', 'create'],
      ['keys', 'create', '--sandbox', '-h'],
    ]) {
      const found = parseCommandLine(samples, words);
      assert.equal(found.kind === 'command help' && found.command.name, 'keys create');
    }
    assert.equal(parseCommandLine(samples, ['--version']).kind, 'version');
  });

  test('an invalid command line is reported in one line', () => {
    refused(['serv'], 'unknown command "serv"; see outrider --help');
    refused(['--port', '1'], 'unknown option --port; see outrider --help');
    refused(['keys'], '"keys" needs one of: create, list');
    refused(['keys', 'mint'], 'unknown command "keys mint"; "keys" needs one of: create, list');
    refused(['serve', '--port', '1'], "Unknown option '--port'; see outrider serve --help");
    refused(['serve', 'now'], '"serve" does not take "now"; see outrider serve --help');
    refused(['serve', '--processes'], "Option '--processes <value>' argument missing; see outrider serve --help");
    refused(['keys', 'create', 'a'], '"keys create" needs --org SLUG; see outrider keys create --help');
    refused(['keys', 'create', '--org', 'a'], '"keys create" needs NAME; see outrider keys create --help');
    refused(
      ['keys', 'create', 'a', '--org', 'a', '--sandbox=yes'],
      "Option '--sandbox' does not take an argument; see outrider keys create --help",
    );
  });

  test('numbers and durations are validated', () => {
    assert.equal(wholeNumber('--processes', '4', 1, 64), 4);
    for (const text of ['0', '65', '1.5', '-1', 'two', ''])
      assert.throws(() => wholeNumber('--processes', text, 1, 64), UsageError);
    assert.deepEqual(
      ['90d', '12h', '30m'].map((text) => duration('--expires', text)),
      [7_776_000_000, 43_200_000, 1_800_000],
    );
    for (const text of ['90', 'd', '0d', '-1d', '1w', '1.5h', ''])
      assert.throws(() => duration('--expires', text), UsageError);
  });
});

describe('help', () => {
  test('the full help lists every command and every setting', () => {
    const help = fullHelp(commands, '1.2.3');
    for (const { name } of commands) assert.ok(help.includes(`\n  ${name}`), name);
    for (const { variable } of Object.values(settings)) assert.ok(help.includes(`\n  ${variable}  (`), variable);
  });

  test('the help of a command lists its options', () => {
    for (const each of commands) {
      const help = commandHelp(each);
      assert.ok(help.startsWith(`Usage: outrider ${each.name}`));
      for (const name of Object.keys(each.options)) assert.ok(help.includes(`\n  --${name}`), `${each.name} --${name}`);
    }
  });

  test('no line of help is longer than 100 columns', () => {
    for (const text of [fullHelp(commands, '1.2.3'), ...commands.map(commandHelp)]) {
      for (const line of text.split('\n')) assert.ok(line.length <= 100, line);
    }
    assert.equal(wrap('a '.repeat(60).trim(), 4).split('\n').length, 2);
  });
});

test('the configuration page has a row for every setting', () => {
  const page = configurationPage();
  for (const { variable } of Object.values(settings)) assert.ok(page.includes(`| \`${variable}\` | `), variable);
  // Every row of the table has its four cells.
  for (const line of page.split('\n').filter((each) => each.startsWith('| `')))
    assert.equal(line.replaceAll('\\|', '').split('|').length, 6, line);
});

test('table columns are as wide as their widest cell, and lines have no trailing spaces', () => {
  assert.equal(
    table(
      ['slug', 'plan'],
      [
        ['a', 'growth'],
        ['longer', ''],
      ],
    ),
    ['slug    plan', 'a       growth', 'longer'].join('\n'),
  );
});
