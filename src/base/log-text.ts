/** Formats a JSON log line for people. */
export function textLine(json: string): string {
  const { level, time, msg, err, ...rest } = JSON.parse(json) as Record<string, unknown>;
  const fields = Object.entries(rest).map(([name, value]) => ` ${name}=${shown(value)}`);
  const stack = isError(err) ? `\n${indented(err.stack ?? `${err.type}: ${err.message}`)}` : '';
  return `${plain(time)} ${plain(level).toUpperCase().padEnd(5)} ${plain(msg)}${fields.join('')}${stack}\n`;
}

const plain = (value: unknown): string => (typeof value === 'string' ? value : '');
/** Returns a bare word unchanged and everything else as JSON, so that a value cannot start a line of its own. */
const shown = (value: unknown): string =>
  typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
const indented = (text: string): string => text.replaceAll(/^/gm, '    ');

const isError = (value: unknown): value is { type: string; message: string; stack?: string } =>
  typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string';
