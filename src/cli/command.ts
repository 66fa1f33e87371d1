import { parseArgs } from 'node:util';
import { own } from '../base/own.ts';
import { dayMs } from '../base/clock.ts';

/** `value` names the option's argument (`--org SLUG`); an option without it is a flag. */
export interface Option {
  readonly value?: string;
  readonly description: string;
  readonly required?: boolean;
}

type OptionTable = Readonly<Record<string, Option>>;
type Given<O extends OptionTable> = {
  readonly [Name in keyof O]: O[Name] extends { readonly value: string }
    ? O[Name] extends { readonly required: true }
      ? string
      : string | undefined
    : boolean;
};
type Words<A extends readonly string[]> = { readonly [Index in keyof A]: string };

/** A command as data: the source of `--help` and of the parser. */
export interface Command {
  /** One word or two: `serve`, `orgs create`. */
  readonly name: string;
  /** Required arguments, in order. */
  readonly arguments: readonly string[];
  /** The last argument may be left out; `run` gets undefined for it. */
  readonly lastIsOptional?: true;
  /** The last argument may be given several times; `run` gets all of them. */
  readonly lastRepeats?: true;
  readonly summary: string;
  readonly details?: string;
  readonly options: OptionTable;
  readonly run: (options: never, ...words: never[]) => Promise<void>;
}

/**
 * Declares a command; `options` and `arguments` determine the parameters of `run`.
 * @example
 * command({ name: 'keys revoke', arguments: ['ID'], summary: 'Revoke an API key.', options: {}, run: async (_options, id) => revoke(id) });
 */
export function command<const O extends OptionTable, const A extends readonly string[]>(
  definition: Omit<Command, 'options' | 'arguments' | 'run'> & {
    readonly options: O;
    readonly arguments: A;
    readonly run: (options: Given<O>, ...words: Words<A>) => Promise<void>;
  },
): Command {
  return definition as unknown as Command;
}

/** The command line is invalid; printed as one line, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export type Invocation =
  | { readonly kind: 'run'; readonly run: () => Promise<void> }
  | { readonly kind: 'help' }
  | { readonly kind: 'group help'; readonly group: readonly Command[] }
  | { readonly kind: 'command help'; readonly command: Command }
  | { readonly kind: 'version' };

/**
 * Finds the command in the words after `outrider`.
 * @throws UsageError that explains the problem and where to find help
 */
export function parseCommandLine(commands: readonly Command[], words: readonly string[]): Invocation {
  const [first, second] = words;
  if (first === undefined || first === '--help' || first === '-h') return { kind: 'help' };
  if (first === '--version' || first === '-v') return { kind: 'version' };
  if (first === 'help') return parseCommandLine(commands, [...words.slice(1), '--help']);
  const found =
    commands.find(({ name }) => name === `${first} ${second ?? ''}`) ?? commands.find(({ name }) => name === first);
  if (found !== undefined) return parseInvocation(found, words.slice(found.name.split(' ').length));
  const group = commands.filter(({ name }) => name.startsWith(`${first} `));
  if (group.length === 0)
    throw new UsageError(
      first.startsWith('-')
        ? `unknown option ${first}; see outrider --help`
        : `unknown command "${first}"; see outrider --help`,
    );
  if (second === '--help' || second === '-h') return { kind: 'group help', group };
  const names = group.map(({ name }) => name.slice(first.length + 1)).join(', ');
  throw new UsageError(
    second === undefined || second.startsWith('-')
      ? `"${first}" needs one of: ${names}`
      : `unknown command "${first} ${second}"; "${first}" needs one of: ${names}`,
  );
}

function parseInvocation(command: Command, words: readonly string[]): Invocation {
  const help = `see outrider ${command.name} --help`;
  const { values, positionals } = parse(command, words, help);
  if (values['help'] === true) return { kind: 'command help', command };
  const missing = command.arguments[positionals.length];
  const isOptional = command.lastIsOptional === true && positionals.length === command.arguments.length - 1;
  if (missing !== undefined && !isOptional) throw new UsageError(`"${command.name}" needs ${missing}; ${help}`);
  const excess = command.lastRepeats === true ? undefined : positionals[command.arguments.length];
  if (excess !== undefined) throw new UsageError(`"${command.name}" does not take "${excess}"; ${help}`);
  const absent = Object.entries(command.options).find(
    ([name, option]) => option.required === true && values[name] === undefined,
  );
  if (absent !== undefined)
    throw new UsageError(`"${command.name}" needs --${absent[0]} ${absent[1].value ?? ''}; ${help}`);
  const flags = Object.entries(command.options).flatMap(([name, option]) =>
    option.value === undefined ? [[name, false] as const] : [],
  );
  const given = { ...Object.fromEntries(flags), ...values };
  const run = command.run as (options: unknown, ...words: string[]) => Promise<void>;
  return { kind: 'run', run: () => run(given, ...positionals) };
}

function parse(
  command: Command,
  words: readonly string[],
  help: string,
): { values: Record<string, unknown>; positionals: string[] } {
  const options = Object.fromEntries(
    Object.entries(command.options).map(([name, option]) => [
      name,
      { type: option.value === undefined ? ('boolean' as const) : ('string' as const) },
    ]),
  );
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { ...options, help: { type: 'boolean', short: 'h' } },
    });
  } catch (error) {
    // The first sentence of parseArgs' message states the problem.
    const [sentence = ''] = (error instanceof Error ? error.message : String(error)).split(/\.\s|\n/, 1);
    throw new UsageError(`${sentence.replace(/\.$/, '')}; ${help}`, { cause: error });
  }
}

/** @throws UsageError unless `text` is a whole number in the range. */
export function wholeNumber(option: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max)
    throw new UsageError(`${option} is "${text}": expected a whole number from ${min} to ${max}`);
  return value;
}

const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: dayMs };

/** `90d`, `12h` or `30m` in milliseconds. @throws UsageError */
export function duration(option: string, text: string): number {
  const [, count = '', unit = ''] = /^([1-9]\d{0,5})([mhd])$/.exec(text) ?? [];
  const ms = Number(count) * (own(unitMs, unit) ?? Number.NaN);
  if (Number.isNaN(ms)) throw new UsageError(`${option} is "${text}": expected a duration such as 90d, 12h or 30m`);
  return ms;
}
