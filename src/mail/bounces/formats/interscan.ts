import type { Format } from '../notice.ts';
import { isAddress } from '../fields.ts';

const named =
  /(?:Unable to deliver message to|(?:<<<|>>>) ?RCPT TO:|Unknown (?:user|recipient)|mail to) ?<([^<>\s]+)>/i;
const answered = /^\s*(?:Received )?(?:<<<|>>>) ?(\d{3}.*)$/;

/** Trend Micro InterScan: the answer is in its text, or in the report of another server that it returns. */
export const interScan: Format = {
  name: 'interscan',
  matches: (notice) =>
    /InterScan/.test(notice.from) ||
    /^(?:Mail could not be delivered|メッセージを配信できません。|メール配信に失敗しました)$/.test(notice.subject) ||
    (notice.isFromServer && notice.firstLine(/InterScan (?:Messaging|NT)/i) >= 0),
  read(notice) {
    const address = notice.lines.map((line) => named.exec(line)?.[1] ?? '').find(isAddress);
    if (address === undefined) return [];
    const answers = [...notice.lines, ...notice.message.forMachines.returned.split('\n', 500)]
      .map((line) => answered.exec(line)?.[1] ?? '')
      .filter((line) => /^[45]\d\d/.test(line));
    const reason = notice.lines.find((line) => named.test(line)) ?? '';
    return [
      {
        address,
        text: answers.length > 0 ? answers.join(' ') : reason,
        action: 'failed',
        command: answers.length > 0 ? 'RCPT' : undefined,
      },
    ];
  },
};
