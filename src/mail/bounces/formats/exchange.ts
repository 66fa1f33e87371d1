import { own } from '../../../base/own.ts';
import type { Reason } from '../types.ts';
import { lineFormat } from './lines.ts';

const address = String.raw`(?<address>[^@\s<>:;,#]{1,320}@[^@\s<>:;,#]{1,320})`;

/** What the connector's codes say; of the others, the text says more. */
const exchangeCodes: Readonly<Record<string, Reason>> = {
  '000C05A6': 'userunknown',
  '00010256': 'systemerror',
  '000D06B5': 'systemerror',
  '00120270': 'networkerror',
  '00050311': 'contenterror',
  '000502CC': 'contenterror',
  '000B0981': 'securityerror',
  '000C0595': 'filtered',
};

/** Exchange 2000 and 2003. */
export const exchange2003 = lineFormat({
  name: 'exchange-2003',
  opening: /^\s*did not reach the following recipient\(s\):/,
  recipient: new RegExp(String.raw`^(?:.*smtp=|\s*)${address};?\s+on\s+\S.*$`, 'i'),
  reason: (text) => own(exchangeCodes, /\(([0-9A-F]{8})\)/.exec(text)?.[1] ?? ''),
  ends: /^-{3,}|^(?:Message-ID|Received|X-Mailer):/i,
  ignores: /^\s*(?:The MTS-ID of|;l=|c=\w+;)/,
});

/** Exchange since 2007 and Microsoft 365, in their languages: what administrators see, below the sentences for people. */
export const exchange = lineFormat({
  name: 'exchange',
  opening:
    /^\s*(?:Diagnostic information for administrators|Informations de diagnostic pour les administrateurs|Informazioni di diagnostica per gli amministratori|Informazioni diagnostiche per gli amministratori|Diagnoseinformationen für Administratoren|Información de diagnóstico para los administradores|Diagnostische gegevens voor (?:beheerders|administrators)|Informações de diagnóstico para administradores|管理者向けの診断情報|Diagnostics? (?:information|for admin)|Diagnostikinformation för administratörer)/i,
  recipient: new RegExp(
    String.raw`^\s*${address}(?:\s*<mailto:[^>]*>)?\s*(?<text>(?:#|\d{3}[ -]|Remote Server|Remote server).*)?$`,
  ),
  ends: /^\s*(?:Original message headers|En-têtes de message d'origine|Intestazioni originali|Intestazioni messaggio originale|Ursprüngliche Nachrichtenkopf|Encabezados de mensajes? original|Oorspronkelijke berichtkoppen|Cabeçalhos de mensagem|元のメッセージ ヘッダー|Original Message Details|Message Hops)/i,
  ignores:
    /^\s*(?:Generating server|Serveur de génération|Server di generazione|Generierender Server|Servidor de generación|Bron-?server|Receiving server)/i,
  delayed: /^(?:Delivery|Message) (?:delayed|is delayed)|^Delayed:|will be retried/,
});
