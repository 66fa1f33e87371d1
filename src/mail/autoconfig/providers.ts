import { own } from '../../base/own.ts';
import type { Security } from '../transport/transport.ts';

/** How a person gets in: with the password of the account, with one made for programs, or by OAuth only. */
export type AuthHint = 'password' | 'app_password' | 'oauth';

/** Where one protocol of an address is reached. */
export interface Server {
  readonly host: string;
  readonly port: number;
  readonly security: Security;
  readonly username: 'address' | 'local_part';
}

/** The settings of a provider, the same for all its addresses. */
export interface Preset {
  /** As `provider` of a mailbox. */
  readonly provider: 'smtp' | 'google' | 'microsoft';
  readonly authHint: AuthHint;
  readonly smtp: Server;
  readonly imap: Server;
}

const implicitTls = { security: 'tls', username: 'address' } as const;

/** SMTP on 465 and IMAP on 993, both with TLS from the first byte (RFC 8314), with the address as user name. */
const preset = (
  smtpHost: string,
  imapHost: string,
  authHint: AuthHint = 'password',
  { provider = 'smtp', smtp = {}, imap = {} }: PresetOptions = {},
): Preset => ({
  provider,
  authHint,
  smtp: { host: smtpHost, port: 465, ...implicitTls, ...smtp },
  imap: { host: imapHost, port: 993, ...implicitTls, ...imap },
});
interface PresetOptions {
  readonly provider?: Preset['provider'];
  readonly smtp?: Partial<Server>;
  readonly imap?: Partial<Server>;
}

const startTls = { port: 587, security: 'starttls' } as const;

const gmail = preset('smtp.gmail.com', 'imap.gmail.com', 'app_password', { provider: 'google' });
/** Business accounts are authorized through the operator's "Internal" client; their administrators often forbid app passwords. */
export const googlePreset: Preset = { ...gmail, authHint: 'oauth' };
export const microsoftPreset = preset('smtp.office365.com', 'outlook.office365.com', 'oauth', {
  provider: 'microsoft',
  smtp: startTls,
});
const outlook = preset('smtp-mail.outlook.com', 'outlook.office365.com', 'oauth', {
  provider: 'microsoft',
  smtp: startTls,
});
const yahoo = preset('smtp.mail.yahoo.com', 'imap.mail.yahoo.com', 'app_password');
const icloud = preset('smtp.mail.me.com', 'imap.mail.me.com', 'app_password', { smtp: startTls });
const icloudAccount: Preset = { ...icloud, imap: { ...icloud.imap, username: 'local_part' } };
const aol = preset('smtp.aol.com', 'imap.aol.com', 'app_password');
const fastmail = preset('smtp.fastmail.com', 'imap.fastmail.com', 'app_password');
const gmxNet = preset('mail.gmx.net', 'imap.gmx.net', 'password', { smtp: startTls });
const gmxCom = preset('mail.gmx.com', 'imap.gmx.com', 'password', { smtp: startTls });
const telekom = preset('securesmtp.t-online.de', 'secureimap.t-online.de', 'app_password');
const yandex = preset('smtp.yandex.com', 'imap.yandex.com', 'app_password');
const mailRu = preset('smtp.mail.ru', 'imap.mail.ru', 'app_password');
const infomaniak = preset('mail.infomaniak.com', 'mail.infomaniak.com');
const zoho = (ending: string): Preset => preset(`smtp.zoho.${ending}`, `imap.zoho.${ending}`, 'app_password');

/** By domain, from the providers' help pages. */
const presets: Readonly<Record<string, Preset>> = Object.fromEntries(
  (
    [
      [['gmail.com', 'googlemail.com'], gmail],
      [['msn.com', 'passport.com', 'windowslive.com'], outlook],
      [['icloud.com', 'me.com', 'mac.com'], icloudAccount],
      [['ymail.com', 'rocketmail.com', 'myyahoo.com'], yahoo],
      [['aol.com', 'aol.de', 'aol.fr', 'aol.co.uk', 'aim.com'], aol],
      [['zoho.com', 'zohomail.com'], zoho('com')],
      [['zoho.eu', 'zohomail.eu'], zoho('eu')],
      [['zoho.in', 'zohomail.in'], zoho('in')],
      [['fastmail.com', 'fastmail.fm', 'messagingengine.com', 'sent.com'], fastmail],
      [['gmx.net', 'gmx.de', 'gmx.at', 'gmx.ch'], gmxNet],
      [['gmx.com', 'gmx.us', 'gmx.co.uk', 'gmx.fr', 'gmx.es', 'mail.com', 'email.com'], gmxCom],
      [['web.de'], preset('smtp.web.de', 'imap.web.de', 'password', { smtp: startTls })],
      [['t-online.de', 'magenta.de'], telekom],
      [['freenet.de'], preset('mx.freenet.de', 'mx.freenet.de')],
      [['posteo.de', 'posteo.net'], preset('posteo.de', 'posteo.de')],
      [['mailbox.org'], preset('smtp.mailbox.org', 'imap.mailbox.org')],
      [['yandex.com', 'yandex.ru', 'yandex.kz', 'yandex.by', 'ya.ru'], yandex],
      [['mail.ru', 'inbox.ru', 'list.ru', 'bk.ru', 'internet.ru'], mailRu],
      [['ik.me', 'ikmail.com', 'etik.com'], infomaniak],
      [['orange.fr', 'wanadoo.fr'], preset('smtp.orange.fr', 'imap.orange.fr')],
      [['free.fr'], preset('smtp.free.fr', 'imap.free.fr')],
      [['laposte.net'], preset('smtp.laposte.net', 'imap.laposte.net')],
      [['libero.it'], preset('smtp.libero.it', 'imapmail.libero.it')],
      [['seznam.cz'], preset('smtp.seznam.cz', 'imap.seznam.cz')],
      [['wp.pl'], preset('smtp.wp.pl', 'imap.wp.pl')],
      [['qq.com', 'foxmail.com'], preset('smtp.qq.com', 'imap.qq.com', 'app_password')],
      [['163.com'], preset('smtp.163.com', 'imap.163.com', 'app_password')],
      [['126.com'], preset('smtp.126.com', 'imap.126.com', 'app_password')],
    ] as const
  ).flatMap(([domains, value]) => domains.map((domain) => [domain, value])),
);

/** Providers with a domain in each country. */
const national: readonly (readonly [RegExp, Preset])[] = [
  [/^(?:outlook|hotmail|live)\.(?:com|[a-z]{2}|com?\.[a-z]{2})$/, outlook],
  [/^yahoo\.co\.jp$/, preset('smtp.mail.yahoo.co.jp', 'imap.mail.yahoo.co.jp')],
  [/^yahoo\.(?:com|[a-z]{2}|com?\.[a-z]{2})$/, yahoo],
];

/** By the name of a mail exchanger: the provider, and its settings given the part of the name in the first group. */
const exchangers: readonly (readonly [RegExp, string, (part: string) => Preset])[] = [
  [/(?:^|\.)(?:l\.google|google|googlemail)\.com$/, 'google', () => googlePreset],
  [/\.olc\.protection\.outlook\.com$/, 'outlook', () => outlook],
  [/\.(?:mail\.protection\.)?outlook\.com$|\.mx\.microsoft$/, 'microsoft', () => microsoftPreset],
  [/\.yahoodns\.net$/, 'yahoo', () => yahoo],
  [/\.mail\.icloud\.com$/, 'icloud', () => icloud],
  [
    /\.zoho\.(com|eu|in)$/,
    'zoho',
    (ending) => preset(`smtppro.zoho.${ending}`, `imappro.zoho.${ending}`, 'app_password'),
  ],
  [/\.messagingengine\.com$/, 'fastmail', () => fastmail],
  [/\.ionos\.(com|de|es|fr|it|co\.uk)$/, 'ionos', (ending) => preset(`smtp.ionos.${ending}`, `imap.ionos.${ending}`)],
  [/\.kundenserver\.de$/, 'ionos', () => preset('smtp.ionos.de', 'imap.ionos.de')],
  [/\.mail\.ovh\.(net|ca)$/, 'ovh', (ending) => preset(`smtp.mail.ovh.${ending}`, `imap.mail.ovh.${ending}`)],
  [/\.infomaniak\.(?:ch|com)$/, 'infomaniak', () => infomaniak],
  [/\.mail\.gandi\.net$/, 'gandi', () => preset('mail.gandi.net', 'mail.gandi.net')],
  [/\.rzone\.de$/, 'strato', () => preset('smtp.strato.de', 'imap.strato.de')],
  [/\.yandex\.(?:net|ru)$/, 'yandex', () => yandex],
  [/\.mailbox\.org$/, 'mailbox.org', () => preset('smtp.mailbox.org', 'imap.mailbox.org')],
  [/\.migadu\.com$/, 'migadu', () => preset('smtp.migadu.com', 'imap.migadu.com')],
  [/\.emailsrvr\.com$/, 'rackspace', () => preset('secure.emailsrvr.com', 'secure.emailsrvr.com')],
  [/\.secureserver\.net$/, 'godaddy', () => preset('smtpout.secureserver.net', 'imap.secureserver.net')],
  [/\.hostinger\.com$/, 'hostinger', () => preset('smtp.hostinger.com', 'imap.hostinger.com')],
  [/\.privateemail\.com$/, 'namecheap', () => preset('mail.privateemail.com', 'mail.privateemail.com')],
  [
    /\.domeneshop\.no$/,
    'domeneshop',
    () => preset('smtp.domeneshop.no', 'imap.domeneshop.no', 'password', { smtp: startTls }),
  ],
];

/** The settings of a provider's own domain, in A-labels and lower case. */
export const presetOfDomain = (domain: string): Preset | undefined =>
  own(presets, domain) ?? national.find(([pattern]) => pattern.test(domain))?.[1];

/** The settings of the provider that runs a mail exchanger. */
export function presetOfExchanger(name: string): Preset | undefined {
  const exchanger = plainName(name);
  for (const [pattern, , settings] of exchangers) {
    const match = pattern.exec(exchanger);
    if (match !== null) return settings(match[1] ?? '');
  }
  return undefined;
}

const plainName = (name: string): string => name.toLowerCase().replace(/\.$/, '');

/** Services that filter mail for other servers. */
const filters: readonly (readonly [RegExp, string])[] = [
  [/\.pphosted\.com$|\.ppe-hosted\.com$/, 'proofpoint'],
  [/\.mimecast(?:-offshore)?\.(?:com|co\.za)$/, 'mimecast'],
  [/\.barracudanetworks\.com$/, 'barracuda'],
  [/\.iphmx\.com$/, 'cisco'],
  [/\.messagelabs\.com$/, 'broadcom'],
  [/\.trendmicro\.(?:com|eu|co\.jp)$/, 'trendmicro'],
  [/\.hornetsecurity\.com$/, 'hornetsecurity'],
];

/** Who receives mail at an exchanger: a mail provider, or the filter in front of one. */
export const providerOfExchanger = (name: string): string | undefined => {
  const exchanger = plainName(name);
  return (
    exchangers.find(([pattern]) => pattern.test(exchanger))?.[1] ??
    filters.find(([pattern]) => pattern.test(exchanger))?.[1]
  );
};
