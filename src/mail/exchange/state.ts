import type { OrganizationClocks } from '../../auth/index.ts';
import type { Queryable } from '../../db/pool.ts';
import { isCapturing } from '../mailboxes/index.ts';
import type { Mailboxes, MailboxRow } from '../mailboxes/index.ts';
import { localDayAt } from '../schedule/index.ts';
import type { ExchangeReport } from '../warmup/index.ts';
import { blockOf } from './blocks.ts';
import { allowedOf, partnersOf, sendersOf, settingsOf } from './member-queries.ts';
import { memberOf, partnerOf, perDayOf } from './members.ts';
import { pairGapMs, relationOf } from './pairs.ts';
import { besideCampaign, nextLetterAt } from './times.ts';

/** More partners than this are not counted. */
const countedMax = 10_000;

export async function stateOf(
  { clocks, mailboxes }: { readonly clocks: OrganizationClocks; readonly mailboxes: Pick<Mailboxes, 'sentToday'> },
  on: Queryable,
  mailbox: MailboxRow,
): Promise<ExchangeReport> {
  const nowMs = await clocks.nowOf(on, mailbox.organization_id);
  const since = new Date(localDayAt(mailbox.timezone, nowMs).startMs);
  const [allowed, settings, [sender], sent] = await Promise.all([
    allowedOf(on, mailbox.id),
    settingsOf(on, mailbox.id),
    sendersOf(on, [{ mailboxId: mailbox.id, since }]),
    mailboxes.sentToday([mailbox]),
  ]);
  const member = memberOf(mailbox, allowed);
  const rows = await partnersOf(
    on,
    [
      {
        mailboxId: mailbox.id,
        organizationId: mailbox.organization_id,
        others: allowed.others,
        capturing: member.isCapturing,
      },
    ],
    countedMax,
  );
  const possible = rows.flatMap((row) => {
    const relation = relationOf(member, partnerOf(row));
    return relation === undefined
      ? []
      : [{ relation, freeMs: row.last_at === null ? 0 : row.last_at.getTime() + pairGapMs }];
  });
  const countOf = (name: (typeof possible)[number]['relation']): number =>
    possible.filter(({ relation }) => relation === name).length;
  const block = blockOf({
    enabled: settings?.enabled ?? false,
    paused: settings?.paused ?? false,
    isSeed: member.isSeed,
    status: mailbox.status,
    isRead: mailbox.imap !== null || isCapturing(mailbox),
    isCapturing: member.isCapturing,
    allowsAny: allowed.same || allowed.others,
    cap: sender?.cap ?? null,
    today: sender?.today ?? 0,
    sentToday: sent.get(mailbox.id) ?? 0,
    inCampaign: sender?.in_campaign ?? false,
    besideCampaign,
    partners: possible.length,
    free: possible.filter(({ freeMs }) => freeMs <= nowMs).length,
    freeAtMs: possible.length === 0 ? null : Math.min(...possible.map(({ freeMs }) => freeMs)),
  });
  const nextMs =
    block !== undefined || sender === undefined
      ? null
      : nextLetterAt(nowMs, {
          mailboxId: mailbox.id,
          timezone: mailbox.timezone,
          workHours: mailbox.work_hours,
          perDay: perDayOf(sender, mailbox),
          today: sender.today,
          lastMs: sender.last_at?.getTime() ?? null,
        });
  return {
    allowSameOrganization: allowed.same,
    allowOtherOrganizations: allowed.others,
    partners: countOf('other_organization'),
    lowValuePartners: countOf('same_organization'),
    seeds: countOf('seed'),
    blockedReason: block?.reason ?? null,
    blockedDetail: block?.detail ?? null,
    nextLetterMs: nextMs === null ? null : Math.max(nextMs, nowMs),
  };
}
