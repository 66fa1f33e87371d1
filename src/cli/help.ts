import { settings } from '../base/config.ts';
import type { Command, Option } from './command.ts';

const columns = 100;

/** Wraps text to lines of at most `columns`, each indented by `indent` spaces. */
export function wrap(text: string, indent: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent + line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((each) => ' '.repeat(indent) + each).join('\n');
}

/** Two columns; the right one is wrapped. */
function listing(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length)) + 4;
  return rows.map(([left, right]) => `  ${left}`.padEnd(width) + wrap(right, width).trimStart()).join('\n');
}

/** A table for people: each column is as wide as its widest cell. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(head), ...rows.map(line)].join('\n');
}

const usageOf = ({ name, arguments: words, lastRepeats }: Command): string =>
  [name, ...words].join(' ') + (lastRepeats === true ? '…' : '');
const flag = (name: string, option: Option): string =>
  option.value === undefined ? `--${name}` : `--${name} ${option.value}`;

export function commandHelp(command: Command): string {
  const options = Object.entries(command.options);
  const required = options
    .filter(([, option]) => option.required === true)
    .map(([name, option]) => ` ${flag(name, option)}`);
  const parts = [
    `Usage: outrider ${usageOf(command)}${required.join('')}${options.length > required.length ? ' [OPTIONS]' : ''}`,
    wrap(command.summary, 0),
  ];
  if (command.details !== undefined)
    parts.push(
      command.details
        .split('\n')
        .map((line) => wrap(line, 0))
        .join('\n'),
    );
  parts.push(
    `Options:\n${listing([...options.map(([name, option]) => [flag(name, option), option.description] as const), ['--help', 'Show this help.']])}`,
  );
  return parts.join('\n\n');
}

export function groupHelp(commands: readonly Command[]): string {
  return `Usage: outrider COMMAND [OPTIONS]\n\n${commandList(commands)}\n\n\`outrider COMMAND --help\` describes each command.`;
}

const commandList = (commands: readonly Command[]): string =>
  `Commands:\n${listing(commands.map((command) => [usageOf(command), command.summary]))}`;

export function fullHelp(commands: readonly Command[], version: string): string {
  const environment = Object.values(settings).map(
    ({ variable, type, default: value, description }) =>
      `  ${variable}  (${type}${value === undefined || value === '' ? '' : `, default ${value}`})\n${wrap(description, 6)}`,
  );
  return [
    `Outrider ${version}: a self-hosted outreach backend with reliable webhooks.`,
    'Usage: outrider COMMAND [OPTIONS]',
    commandList(commands),
    '`outrider COMMAND --help` describes each command.',
    `Environment variables:\n${environment.join('\n')}`,
  ].join('\n\n');
}
