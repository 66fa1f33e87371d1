import { settings } from '../base/config.ts';

/** Inside a table's cell a bar would end it. */
const cell = (text: string): string => text.replaceAll('|', '\\|');

/** docs/configuration.md, made of the table in config.ts. */
export function configurationPage(): string {
  const rows = Object.values(settings).map((setting) => {
    const value =
      setting.default === undefined ? 'not set' : setting.default === '' ? 'empty' : `\`${setting.default}\``;
    const secret = 'secret' in setting && setting.secret ? ' **Secret:** never shown in a message or a log.' : '';
    return `| \`${setting.variable}\` | ${cell(setting.type)} | ${cell(value)} | ${cell(setting.description)}${secret} |`;
  });
  return `# Configuration

<!-- Made by \`npm run generate\` from src/base/config.ts. -->

Outrider is configured by environment variables alone. An empty variable counts as not set; a wrong value, or an \`OUTRIDER_\` variable that is none of these, stops the start with one line that names it.

| variable | type | default | meaning |
|---|---|---|---|
${rows.join('\n')}

## For the command line

\`outrider listen\` and \`outrider events publish\` call a running server. Where they find it:

| variable | option | default | meaning |
|---|---|---|---|
| \`OUTRIDER_URL\` | \`--url\` | \`http://localhost:\` and \`OUTRIDER_PORT\` | The server to call. |
| \`OUTRIDER_KEY\` | \`--key\` | not set | The API key to call it with. |

## The master key

Every organization's secrets are sealed with a data key of its own, and that key with the master key. Without \`OUTRIDER_MASTER_KEY\` the first start writes one to \`master.key\` in the data folder, readable by its owner alone. Whoever has the database and this key can read what is sealed; whoever has lost the key cannot. Back it up apart from the database. \`outrider rotate-master-key\` replaces it.
`;
}
