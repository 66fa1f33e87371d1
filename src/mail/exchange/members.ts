import type { MailboxId } from '../../base/ids.ts';
import type { Queryable } from '../../db/pool.ts';
import { isCapturing } from '../mailboxes/index.ts';
import type { MailboxRow } from '../mailboxes/index.ts';
import { localDayAt } from '../schedule/index.ts';
import type { Ask } from '../sending/index.ts';
import { partnersOf, sendersOf } from './member-queries.ts';
import type { PartnerRow, SenderRow } from './member-queries.ts';
import { choose } from './pairs.ts';
import type { Choice, Member } from './pairs.ts';
import { besideCampaign } from './times.ts';

/** Partners that are compared for one letter. */
const partnersMax = 200;
/** A mailbox that another one may write to. */
export interface Partner extends Member {
  readonly row: PartnerRow;
}

/** The mailboxes that take part, of those asked, with their days. */
export const takingPart = async (
  on: Queryable,
  asked: readonly Pick<Ask, 'mailbox' | 'nowMs'>[],
): Promise<ReadonlyMap<MailboxId, SenderRow>> =>
  new Map(
    (
      await sendersOf(
        on,
        asked.map(({ mailbox, nowMs }) => ({
          mailboxId: mailbox.id,
          since: new Date(localDayAt(mailbox.timezone, nowMs).startMs),
        })),
      )
    ).map((row) => [row.mailbox_id, row]),
  );

/** How many letters and answers a mailbox may send on a day. Its other messages count against the cap, too, where it is checked. */
export const limitOf = ({ cap, in_campaign: inCampaign }: Pick<SenderRow, 'cap' | 'in_campaign'>): number =>
  Math.min(cap ?? 0, inCampaign ? besideCampaign : Infinity);

/** How many it plans on a day: its partners last for a week. */
export const perDayOf = (
  sender: Pick<SenderRow, 'cap' | 'in_campaign' | 'partners'>,
  { work_hours: { days } }: Pick<MailboxRow, 'work_hours'>,
): number =>
  Math.min(
    limitOf(sender),
    sender.partners === null ? Infinity : Math.max(2, Math.ceil(sender.partners / Math.max(1, days.length))),
  );

export const memberOf = (
  { id, organization_id: organizationId, domain, ...mailbox }: MailboxRow,
  { same, others }: Pick<SenderRow, 'same' | 'others'>,
): Member => ({
  mailboxId: id,
  organizationId,
  domain,
  isCapturing: isCapturing(mailbox),
  isSeed: mailbox.role === 'seed',
  allowsSameOrganization: same,
  allowsOtherOrganizations: others,
});

export const partnerOf = (row: PartnerRow): Partner => ({
  mailboxId: row.mailbox_id,
  organizationId: row.organization_id,
  domain: row.domain,
  isCapturing: row.capturing,
  isSeed: row.is_seed,
  allowsSameOrganization: row.same,
  allowsOtherOrganizations: row.others,
  row,
});

/** Whom mailboxes write to next. */
export async function choicesOf(
  on: Queryable,
  asks: readonly Pick<Ask, 'mailbox' | 'nowMs'>[],
  senders: ReadonlyMap<MailboxId, SenderRow>,
): Promise<ReadonlyMap<MailboxId, Choice<Partner>>> {
  const asked = asks.flatMap(({ mailbox, nowMs }) => {
    const sender = senders.get(mailbox.id);
    return sender === undefined ? [] : [{ nowMs, sender, member: memberOf(mailbox, sender) }];
  });
  const rows = Map.groupBy(
    await partnersOf(
      on,
      asked.map(({ member }) => ({
        mailboxId: member.mailboxId,
        organizationId: member.organizationId,
        others: member.allowsOtherOrganizations,
        capturing: member.isCapturing,
      })),
      partnersMax,
    ),
    (row) => row.sender_id,
  );
  return new Map(
    asked.map(({ nowMs, sender, member }) => [
      member.mailboxId,
      choose(
        nowMs,
        member,
        sender.letters,
        (rows.get(member.mailboxId) ?? []).map((row) => ({
          member: partnerOf(row),
          lastMs: row.last_at?.getTime() ?? null,
        })),
      ),
    ]),
  );
}
