import type { Command } from './types.ts';

/** The command that was refused, by the words of the servers that try. */
export function commandIn(text: string): Command | undefined {
  const named =
    /(?:in reply to (?:the )?(?:end of )?|after (?:sending )?(?:end of )?|did not like our (?:final )?|\[|\((?=[a-z]{4}\))|smtp:|>>> ?|command:? ?|step: ?)(ehlo|helo|starttls|auth|mail[_ ]?from|mail|rcpt[_ ]?to|rcpt|data|initial connection)\b/gi;
  const last = [...text.matchAll(named)].at(-1)?.[1]?.toLowerCase() ?? '';
  if (last.startsWith('rcpt') || /does not like recipient|rcpt to response/i.test(text)) return 'RCPT';
  if (last === 'data' || /failed (?:after|on) (?:i sent the message|data command)|end of data/i.test(text))
    return 'DATA';
  if (last.startsWith('mail') || /sender was rejected/i.test(text)) return 'MAIL';
  if (last === 'ehlo' || last === 'helo' || /my name was rejected/i.test(text)) return 'EHLO';
  if (last === 'initial connection' || /refused to talk to me/i.test(text)) return 'CONN';
  if (last === 'starttls') return 'STARTTLS';
  return last === 'auth' ? 'AUTH' : undefined;
}
