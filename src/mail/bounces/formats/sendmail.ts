import { addressesIn, groupsOf, isAddress } from '../fields.ts';
import { commandIn } from '../command.ts';
import type { Format, Found, Notice } from '../notice.ts';
import { hostIn } from './lines.ts';

const addressesHead =
  /^\s*-{3,} ?(?:The following addresses? had|Recipients of this delivery|Reason for delivery failure|The following addresses have)/i;
const transcriptHead = /^\s*-{3,} ?(?:Transcript of (?:the )?session|Session transcript|Non-delivered information)/i;
const endsHead = /^\s*-{3,} ?(?:Unsent message|Original message|Message header|Returned message|Unsent Message)/i;

/**
 * Sendmail since version 5, Active!hunter and its other descendants: the addresses, each with a reason, then the transcript of the session,
 * in which lines of ours begin with >>> and those of the server with <<<.
 */
export const sendmail: Format = {
  name: 'sendmail',
  matches: (notice) =>
    notice.isFromServer && (notice.firstLine(addressesHead) >= 0 || notice.firstLine(transcriptHead) >= 0),
  read(notice) {
    const { addresses, transcript } = sectionsOf(notice);
    const isDelayed =
      /transient|warning/i.test(addresses[0] ?? '') || notice.subject.startsWith('Warning: could not send');
    const found: { address: string | undefined; alias: string | undefined; lines: string[] }[] = [];
    for (const line of addresses.slice(1)) {
      const named = /^\s*(?:>>> )?<?([^@\s<>]+@[^@\s<>]+?)>?(?:\s+<[^<>]*>)?\s*$/.exec(line)?.[1];
      const alias = /^\s*\(expanded from: ?<?([^\s<>)]+)>?\)/.exec(line)?.[1];
      const last = found.at(-1);
      // A program or a file that an alias names.
      const isProgram = /^\s*"?[|/]/.test(line);
      if (isProgram || (named !== undefined && isAddress(named)))
        found.push({ address: isProgram ? undefined : named, alias: undefined, lines: [] });
      else if (last === undefined) continue;
      else if (alias !== undefined) last.alias = isAddress(alias) ? alias : undefined;
      else last.lines.push(line.trim().replace(/^\(reason: (.*?)\)?$/, '$1'));
    }
    if (found.length === 0) return inTranscript(notice, transcript, isDelayed);
    return found.flatMap(({ address, alias, lines }): Found[] => {
      const names = [alias, address].filter((each) => each !== undefined);
      const [first, ...others] = names;
      if (first === undefined) return [];
      const session =
        found.length === 1 ? transcript : transcript.filter((line) => names.some((each) => line.includes(each)));
      // Biglobe's is no session.
      const isPlain = /Non-delivered/.test(transcript[0] ?? '');
      const answers = (isPlain ? transcript : session)
        .filter(
          (line) => /^\s*(?:<<< |\d{3}[ -])|\.\.\. |^[\w./-]+: /.test(line) || (isPlain && !transcriptHead.test(line)),
        )
        .map((line) => line.replace(/^\s*<<< /, '').trim());
      return [
        {
          address: first,
          others,
          text: [...lines, ...answers].join(' ').trim(),
          action: isDelayed ? 'delayed' : 'failed',
          command: refused(found.length === 1 ? transcript : session),
          host: hostIn(transcript.find((line) => /while talking to/.test(line)) ?? ''),
        },
      ];
    });
  },
};

function sectionsOf({ lines }: Notice): { addresses: string[]; transcript: string[] } {
  const addresses: string[] = [];
  const transcript: string[] = [];
  let section: string[] | undefined;
  for (const line of lines) {
    if (endsHead.test(line) || /^(?:Reporting-MTA:|--[\w./]{8,}$)/.test(line)) section = undefined;
    else if (addressesHead.test(line)) section = addresses;
    else if (transcriptHead.test(line)) section = transcript;
    section?.push(line);
  }
  return { addresses, transcript };
}

/** Version 5 has only the transcript: `554 <a@b>... 550 Host unknown`, or the session with `<<< 550 …`. */
function inTranscript({ message, lines: all }: Notice, transcript: readonly string[], isDelayed: boolean): Found[] {
  const found = new Map<string, string[]>();
  let answer: string[] = [];
  for (const line of transcript) {
    const said = /^\s*<<< (.*)$/.exec(line)?.[1];
    if (said !== undefined) answer.push(said);
    const refusal = /^\s*[45]\d\d (?:\d\.\d\.\d )?<?([^@\s<>]+@[^@\s<>.]+(?:\.[^\s<>.]+)*)>?\.\.\. *(.*)$/.exec(line);
    const asked = /^\s*>>> RCPT To: ?<([^\s<>]+)>/i.exec(line)?.[1];
    if (asked !== undefined) {
      answer = [];
      if (isAddress(asked)) found.set(asked, answer);
    }
    if (refusal?.[1] !== undefined && isAddress(refusal[1]))
      found.set(refusal[1], [...(found.get(refusal[1]) ?? []), line.trim()]);
  }
  const host = hostIn(transcript.find((line) => /while talking to/.test(line)) ?? '');
  const failed = [...found].filter(([, lines]) => lines.some((line) => /[45]\d\d/.test(line)));
  if (failed.length === 0) {
    // Of a host that could not be reached, it names only the host.
    const unsent =
      all.slice(all.findIndex((line) => endsHead.test(line)) + 1).find((line) => /^To: /i.test(line)) ?? '';
    const returned = groupsOf(message.forMachines.returned)[0]?.get('to') ?? '';
    const answer = transcript.find((line) => /^\s*(?:<<< )?[45]\d\d /.test(line));
    const [address] = addressesIn(`${unsent} ${returned}`);
    return answer === undefined || address === undefined
      ? []
      : [{ address, text: answer.trim(), action: 'failed', host }];
  }
  return failed.map(([address, lines]) => ({
    address,
    text: lines.join(' '),
    action: isDelayed ? ('delayed' as const) : ('failed' as const),
    command: refused(transcript),
    host,
  }));
}

/** The command before the first refusal. */
function refused(transcript: readonly string[]): Found['command'] {
  const refusal = transcript.findIndex((line) => /^\s*<<< [45]\d\d/.test(line));
  return refusal === -1
    ? undefined
    : commandIn(transcript.slice(0, refusal).findLast((line) => /^\s*>>> /.test(line)) ?? '');
}
