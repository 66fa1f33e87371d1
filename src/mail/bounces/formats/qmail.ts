import { lineFormat } from './lines.ts';

const recipient = /^<(?<address>[^<>\s]+)>:?\s*(?<text>.*)$/;
const ends =
  /^-{2,} ?(?:Below this line|Enclosed|Original message|Forwarded message|Undelivered message|The original message|Mensaje original)/i;

/** qmail, IndiMail, and the many hosters whose qmail has another greeting. */
export const qmail = lineFormat({
  name: 'qmail',
  opening:
    /^(?:Hi\. (?:This is|The message)|\*\* ?qmail|This is the \S+ program at |\(?The MTA program at |We're sorry\. There's a problem|.*\bwasn't able to deliver your message to|Check your send e-?mail address|Your (?:e-?mail |mail )?message to the following address|(?:Hi\. )?Unfortunately|He\/Her is not |.*unable to deliver your message to the following address|Su mensaje no pudo ser entregado|This is the (?:machine generated message|mail delivery agent)|Unable to deliver message to the following address)/i,
  recipient,
  ends,
  ignores: /^Giving up on [\d.:]+\.?$/,
});

/** Yahoo! Mail. */
export const yahoo = lineFormat({
  name: 'yahoo',
  opening:
    /^(?:Sorry, we were unable to deliver your message to the following|Message from yahoo\.|A message that you sent could not be delivered)/i,
  recipient,
  ends: /^--- (?:Below this line|Original message follows)/i,
});

/** Mail systems at AOL Japan and others that speak of accounts without a code: they answer after they have seen the content. */
export const unableToDeliver = lineFormat({
  name: 'unable-to-deliver',
  opening: /^Unable to deliver message to the following address/i,
  recipient,
  ends: /^--- Original message follows/i,
  reason: (text) => (/\b[45]\d\d\b/.test(text) || !/doesn't have/.test(text) ? undefined : 'filtered'),
});
