import type { Evidence, Verdict } from './receiving/index.ts';
import type { Report } from './sending/index.ts';

/** What delivery reports say of sent messages, as `sending` settles it. A message that is delayed is not settled. */
export const reportsOf = (verdicts: readonly Verdict[], atMs: number): Report[] =>
  verdicts.flatMap(({ own: { id, organization_id: organizationId }, verdict, diagnostic }): Report[] => {
    const about = { id, organizationId, source: 'delivery_report', atMs };
    switch (verdict) {
      case 'delayed':
        return [];
      case 'delivered':
        return [{ ...about, fact: 'reported_delivered' }];
      case 'hard':
        return [{ ...about, fact: 'reported_bounced', bounce: { type: 'hard', reason: 'hard_bounce', diagnostic } }];
      case 'soft':
      case 'block':
        // Only a hard bounce suppresses the recipient.
        return [
          {
            ...about,
            fact: 'reported_bounced',
            bounce: { type: 'soft', reason: verdict === 'soft' ? 'soft_bounce' : 'block', diagnostic },
          },
        ];
    }
  });

/** A copy in a mailbox or a reply proves that the message was sent. */
export const findingsOf = (evidence: readonly Evidence[], atMs: number): Report[] =>
  evidence.map(({ own: { id, organization_id: organizationId }, by }) => ({
    id,
    organizationId,
    fact: 'found',
    source: by === 'copy' ? 'sent_folder' : 'reply',
    atMs,
  }));
