/**
 * What a delivery report says of one recipient. `hard`: the address or its domain does not exist, or the mailbox is closed. `block`: refused
 * for what the message, its sender or its server is. `soft`: given up for another reason, such as a full mailbox. `delayed`: still being
 * tried.
 */
export type DeliveryVerdict = 'delivered' | 'hard' | 'soft' | 'block' | 'delayed';

const noSuchRecipient =
  /\b(user|recipient|mailbox|address|account)\b.{0,40}\b(unknown|not found|does not exist|doesn't (exist|have)|no longer exists|disabled|not exist)|no such (user|recipient|mailbox|address|account|domain)|unknown (user|recipient|mailbox|address)|host or domain name not found|invalid domain|domain (does not exist|not found)|nxdomain/i;
const refusedForOtherReasons =
  /spam|block(ed|ing| ?list)|black ?list|reputation|\b(spf|dkim|dmarc|policy|preferences)\b|banned|access denied|unsolicited|\brelay(ing)?\b/i;
const isFull = /quota|mailbox (is )?full|full mailbox|over ?limit|storage|too many messages/i;
const aboutSender = /^5\.1\.[78]$/;
/** The address, its domain or its mailbox is gone. */
const hardStatus = /^5\.(1\.(1|2|3|6|10)|2\.1)$/;

/**
 * Conservative: `hard`, which ends all mail to an address, only for a status that means it or for text that says so, and never if the text
 * gives another reason as well.
 */
export function verdictOf(action: string | undefined, status: string | undefined, diagnostic: string): DeliveryVerdict {
  if (action === 'delivered' || action === 'relayed' || action === 'expanded') return 'delivered';
  if (action === 'delayed') return 'delayed';
  if (action !== 'failed' && status?.startsWith('2.') === true) return 'delivered';
  if (action !== 'failed' && status?.startsWith('4.') === true) return 'delayed';
  const specific = specificStatus(status, diagnostic);
  if (/^[45]\.2\.2$/.test(specific) || isFull.test(diagnostic)) return 'soft';
  if (/^5\.7\.\d+$/.test(specific) || aboutSender.test(specific) || refusedForOtherReasons.test(diagnostic))
    return 'block';
  if (hardStatus.test(specific)) return 'hard';
  if (specific.startsWith('4.')) return 'soft';
  return noSuchRecipient.test(diagnostic) ? 'hard' : 'soft';
}

/** The status of the remote server, in its text, is more exact than that of the reporting one if that is general, such as `5.0.0`. */
function specificStatus(status: string | undefined, diagnostic: string): string {
  const said = /(?<![\d.])[45]\.\d{1,2}\.\d{1,3}(?![\d.])/.exec(diagnostic)?.[0];
  const isGeneral = status === undefined || /\.0\.0$|\.\d+\.0$/.test(status);
  return (isGeneral ? said : undefined) ?? status ?? '';
}
