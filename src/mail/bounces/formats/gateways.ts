import { lineFormat } from './lines.ts';

const bare = String.raw`(?<address>[^@\s<>():;,[\]]+@[^@\s<>():;,[\]]*[^@\s<>():;,.[\]])`;
const line = (pattern: string): RegExp => new RegExp(pattern.replace('ADDRESS', bare), 'i');

/** Gateways and smaller servers, each with its own words. */
export const gateways = [
  lineFormat({
    name: 'dragonfly',
    opening: /^This is the DragonFly Mail Agent/,
    recipient: line(String.raw`^There was an error delivering your mail to <ADDRESS>\.(?<text>.*)$`),
    ends: /^(?:Message headers|Original message) follow/,
  }),
  lineFormat({
    name: 'opensmtpd',
    opening: /^\s*This is the MAILER-DAEMON, please DO NOT REPLY/,
    recipient: line(String.raw`^ADDRESS: (?<text>.*)$`),
    ends: /^\s*Below is a copy of the original message|^\s*Please note that this is only/,
    delayed: /A message is delayed for more than/,
  }),
  lineFormat({
    name: 'courier',
    opening:
      /^\s*(?:This is a delivery status notification from|UNDELIVERABLE MAIL|DELAYED MAIL)|running the Courier mail server/,
    recipient: line(String.raw`^\s*<ADDRESS>:(?<text>.*)$`),
    ends: /^-{20,}$|^Reporting-MTA:|^If your message was also sent|^\s*The original message follows/i,
    delayed: /DELAYED MAIL/,
  }),
  lineFormat({
    name: 'domino',
    opening: /^\s*(?:was not delivered to:|Your message$)/,
    recipient: line(String.raw`^\s+ADDRESS\s*(?<text>)$`),
    ignores: /^\s*because:|^\s*Subject:|^Your message|^\s*was not delivered/,
    ends: /^-{5,}|^Received:/,
  }),
  lineFormat({
    name: 'notes',
    sender: /./,
    subject: /^Undeliverable message/,
    orElse: line(String.raw`^To: (?:.*[@\s<>():;,[\]])?ADDRESS>?\s*$`),
    opening: /^-{5,} ?Failure Reasons/,
    recipient: line(String.raw`^\s*ADDRESS\s*(?<text>)$`),
    shared: /^(?!-).*\S/,
    ends: /^-{5,} ?Returned Message/,
  }),
  lineFormat({
    name: 'mailfoundry',
    opening: /^Unable to deliver message to: </,
    recipient: line(String.raw`^Unable to deliver message to: <ADDRESS>(?<text>)`),
    ends: /^This has been a permanent failure/,
  }),
  lineFormat({
    name: 'mailmarshal',
    sender: /./,
    subject: /^Undeliverable Mail: "/,
    opening: /^Your message:/,
    recipient: line(String.raw`^\s{2,}ADDRESS\s*(?<text>)$`),
    shared: /^(?!Your message|The following)\S/,
    ends: /^(?:Additional Information|\+{10,})/i,
    ignores: /./,
  }),
  lineFormat({
    name: 'mcafee',
    opening: /^\s*-{3} ?The following addresses had delivery problems ?-{3}/,
    recipient: line(String.raw`^\s*<ADDRESS>\s+\((?<text>.*)\)\s*$`),
    ends: /^-{10,}/,
  }),
  lineFormat({
    name: 'messaging-server',
    opening: /^(?:This report relates to a message you sent|Your message (?:cannot|has been))/,
    recipient: line(String.raw`^\s*(?:Recipient|Original) address: (?:@[^:]*:)?ADDRESS(?<text>)`),
    delayed: /has been (?:enqueued|delayed)|still (?:being|trying)/,
  }),
  lineFormat({
    name: 'mimecast',
    opening: /^An email that you attempted to send to the following address/,
    recipient: line(String.raw`^-- ADDRESS\s*(?<text>)$`),
    ends: /^This condition occurred after|^If you (?:sent|require)/,
    ignores: /^(?:The problem appears|Additional information)/,
  }),
  lineFormat({
    name: 'messagelabs',
    opening: /^This is the mail delivery agent at (?:messagelabs|Symantec)/i,
    recipient: line(String.raw`^<?ADDRESS>?:?\s*(?<text>)$`),
    ends: /^The message subject was/,
  }),
  lineFormat({
    name: 'surfcontrol',
    opening: /^Your message could not be sent\./,
    recipient: line(String.raw`^ADDRESS: (?<text>\[.*)$`),
  }),
  lineFormat({
    name: 'imail',
    opening:
      /^(?:Unknown (?:user|host)|undeliverable to|Invalid final delivery userid|User mailbox exceeds allowed size|delivery failed \d+ attempts)\b/i,
    recipient: line(
      String.raw`^(?<text>Unknown (?:user|host)|undeliverable to|Invalid final delivery userid|User mailbox exceeds allowed size|delivery failed \d+ attempts)[:\s] *<?ADDRESS>?`,
    ),
    ends: /^Original message follows/i,
  }),
  lineFormat({
    name: 'barracuda',
    sender: /./,
    subject: /^\**\s*Message you sent (?:was )?blocked/i,
    opening: /^Your message to: /,
    recipient: line(String.raw`^Your message to: <?ADDRESS>?(?<text>)`),
    ends: /^Subject: /,
    reason: () => 'spamdetected',
  }),
  lineFormat({
    name: 'xmail',
    sender: /./,
    opening: /^\[<00>\] XMail bounce: /,
    recipient: line(String.raw`^\[<00>\] XMail bounce: Rcpt=\[ADDRESS\];Error=\[(?<text>.*)\]\s*$`),
    ends: /^\[<01>\]/,
  }),
  lineFormat({
    name: 'mercury',
    opening: /^The local mail transport system has reported the following problems/,
    recipient: line(String.raw`^\*{3} ADDRESS\s*(?<text>)$`),
    ignores: /^-{20,}$/,
  }),
  lineFormat({
    name: 'two-words',
    opening: /^-{2,} ?The following addresses had delivery errors ?-{2,}/,
    recipient: line(String.raw`^ADDRESS \[(?<text>.*)\]`),
    ends: /^-{5,}/,
  }),
  lineFormat({
    name: 'step',
    opening: /^(?:NOTICE: Delivery Failure|This Delivery Status Notification is sent from)/,
    recipient: line(String.raw`^Delivery failed: ADDRESS(?<text>)`),
  }),
  lineFormat({
    name: 'starred',
    opening: /^\s*(?:Delevery|Delivery) to the following recipients failed permanently/,
    recipient: line(String.raw`^\s+\* ADDRESS(?<text>)\s*$`),
    ignores: /^=+|Technical details/,
  }),
  lineFormat({
    name: 'trouble',
    opening: /^We had trouble delivering your message/,
    recipient: line(String.raw`(?:recipient|to|for|errors:) <?ADDRESS>?(?:\.? |$)(?<text>.*)$`),
    shared: /^(?:SMTP Server|Failed|Could not|Unable|No )/,
    ends: /^-{20,}|^The attachment contains/,
  }),
  lineFormat({
    name: 'zoho',
    from: /zoho/i,
    opening: /^This message was created automatically by mail delivery|^A message that you sent/,
    recipient: line(
      String.raw`^\s*\[?(?:Status: Error, Address: )?<?ADDRESS>?,? (?<text>.*(?:ERROR_CODE|ResponseCode|Invalid|Status).*)$`,
    ),
    ends: /^Received:/,
  }),
  lineFormat({
    name: 'smail',
    opening: /^\|-+ ?(?:Message log|Failed addresses) follow/,
    recipient: line(String.raw`^\s*<?ADDRESS>?(?: \.\.\. (?<text>.*))?$`),
    ends: /^\|-+ ?Message (?:text|header) follows/,
  }),
  lineFormat({
    name: 'james',
    opening: /^(?:Error message below|Message details):/,
    shared: /^(?!Error message|Message details)\S/,
    recipient: line(String.raw`^\s*RCPT TO: ?<?ADDRESS>?(?<text>)`),
    ignores: /^\s*(?:Subject|Sent date|MAIL FROM|From|To|Size|Number of lines|Cc|Error message below)\b.*:/i,
    ends: /^-{10,}/,
  }),
  lineFormat({
    name: 'mdaemon',
    opening:
      /had PERMANENT fatal delivery errors|could not be delivered to one or more recipients\.? *$|^Failed address:/i,
    recipient: line(String.raw`^\s*Failed address: ?<?ADDRESS>?(?<text>)`),
    ends: /^: Message contains/,
  }),
  lineFormat({
    name: 'groupwise',
    opening: /^The message that you sent was undeliverable to the following/,
    recipient: line(String.raw`^\s+ADDRESS \((?<text>.*)\)`),
  }),
  lineFormat({
    name: 'verizon',
    sender: /post_?master@(?:\S+\.)?(?:vtext|vzwpix|verizonwireless)\.com>|sysadmin@\S*vzwpix\.com>/i,
    opening: /^(?:Error: |Message could not be delivered to mobile)/i,
    recipient: line(String.raw`^\s*(?:RCPT TO|To): ?<?ADDRESS>?(?<text>)`),
    ignores: /^\s*(?:Subject|Sent date|MAIL FROM|From|Size|Number of lines|Cc|Date)\b.*:/i,
    shared: /^Error: |^\d{3} /,
  }),
];
