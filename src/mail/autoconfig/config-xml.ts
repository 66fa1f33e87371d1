import { isIP } from 'node:net';
import { Parser } from 'htmlparser2';
import { domainOf } from '../../base/email-address.ts';
import type { Address } from '../../base/email-address.ts';
import type { Security, ServerSettings } from '../transport/transport.ts';
import type { AuthHint } from './providers.ts';

/** What a configuration file says of an address. */
export interface FileSettings {
  readonly smtp: ServerSettings;
  readonly imap: ServerSettings | null;
  readonly authHint: AuthHint;
}

interface Candidate {
  readonly type: string;
  readonly fields: Map<string, string>;
  readonly authentication: string[];
}

const serversMax = 50;
const fieldCharactersMax = 300;
/** Preferred first. Servers without TLS are ignored. */
const securities: Readonly<Record<string, Security>> = { SSL: 'tls', STARTTLS: 'starttls' };

/**
 * Reads a configuration file in Mozilla's format (config-v1.1.xml, draft-ietf-mailmaint-autoconfig). The parser reads no document type
 * and expands no entities but XML's own five, so a file cannot grow.
 * @returns undefined if the file names no SMTP server with TLS
 */
export function readConfigXml(text: string, address: Address): FileSettings | undefined {
  const candidates = candidatesIn(text);
  const usable = (element: string): readonly (ServerSettings & { readonly oauthOnly: boolean })[] =>
    candidates
      .filter(({ type }) => type === element)
      .flatMap((candidate) => settingsOf(candidate, address) ?? [])
      .sort((one, other) => Number(one.security === 'starttls') - Number(other.security === 'starttls'));
  const [smtp] = usable('outgoingServer smtp');
  if (smtp === undefined) return undefined;
  const [imap] = usable('incomingServer imap');
  return {
    smtp: withoutHint(smtp),
    imap: imap === undefined ? null : withoutHint(imap),
    authHint: smtp.oauthOnly ? 'oauth' : 'password',
  };
}

const withoutHint = ({ host, port, security, username }: ServerSettings): ServerSettings => ({
  host,
  port,
  security,
  username,
});

function candidatesIn(text: string): readonly Candidate[] {
  const found: Candidate[] = [];
  let current: Candidate | undefined;
  let field: string | undefined;
  let value = '';
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (name === 'incomingServer' || name === 'outgoingServer') {
          current = { type: `${name} ${attributes['type'] ?? ''}`, fields: new Map(), authentication: [] };
          if (found.length < serversMax) found.push(current);
        } else if (current !== undefined) {
          field = name;
          value = '';
        }
      },
      ontext(part) {
        if (field !== undefined && value.length <= fieldCharactersMax) value += part;
      },
      onclosetag(name) {
        if (name === 'incomingServer' || name === 'outgoingServer') current = undefined;
        if (name !== field || current === undefined) return;
        if (name === 'authentication') {
          if (current.authentication.length < 10) current.authentication.push(value.trim());
        } else if (!current.fields.has(name)) current.fields.set(name, value.trim());
        field = undefined;
      },
    },
    { xmlMode: true },
  );
  parser.end(text);
  return found;
}

function settingsOf(
  { fields, authentication }: Candidate,
  { email, domain }: Address,
): (ServerSettings & { readonly oauthOnly: boolean }) | undefined {
  const filled = (name: string): string =>
    (fields.get(name) ?? '')
      .replaceAll('%EMAILADDRESS%', email)
      .replaceAll('%EMAILLOCALPART%', email.slice(0, email.lastIndexOf('@')))
      .replaceAll('%EMAILDOMAIN%', domain);
  const host = hostOf(filled('hostname'));
  const port = Number(fields.get('port'));
  const security = new Map(Object.entries(securities)).get(filled('socketType'));
  const username = filled('username') || email;
  if (host === undefined || security === undefined || !Number.isInteger(port) || port < 1 || port > 65_535)
    return undefined;
  if (username.length > fieldCharactersMax || /\p{Cc}/u.test(username)) return undefined;
  return {
    host,
    port,
    security,
    username,
    oauthOnly: authentication.length > 0 && authentication.every((each) => each === 'OAuth2'),
  };
}

/** A host name in lower case; undefined for addresses and anything else. */
export const hostOf = (text: string): string | undefined => (isIP(text) === 0 ? domainOf(text) : undefined);
