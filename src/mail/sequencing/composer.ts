import { ApiError } from '../../base/errors.ts';
import type { Contact } from '../../crm/contacts/index.ts';
import type { Queryable } from '../../db/pool.ts';
import type { Campaign } from '../campaigns/index.ts';
import type { MailboxState } from '../mailboxes/index.ts';
import { messageIdOf } from '../mime/index.ts';
import type { Sending } from '../sending/index.ts';
import { compile, pickVariant, render, variablesOf } from '../templates/index.ts';
import type { Compiled } from '../templates/index.ts';
import type { Tracking } from '../tracking/index.ts';
import { compose } from './compose.ts';
import type { Composed, Earlier, Refused, TextEngine, TextValues } from './compose.ts';
import type { ToCompose } from './take.ts';

export interface ComposerOptions {
  readonly sending: Pick<Sending, 'threadsOf'>;
  readonly tracking: Pick<Tracking, 'hostsOf' | 'linksOf'>;
}

export const engine: TextEngine<Compiled> = { compile, render, variablesOf, pickVariant };

/** Statuses of messages that their recipients have, or that count as sent. */
const isSent: ReadonlySet<string> = new Set(['sent', 'delivered', 'unknown']);

/**
 * Composes steps for leads, with their threads and links: the one way to a message, for the claim and the preview. Of several steps of a
 * lead, each continues the thread of those before it.
 */
export async function composeAll(
  { sending, tracking }: ComposerOptions,
  on: Queryable,
  all: readonly ToCompose[],
): Promise<(Composed | Refused)[]> {
  if (all.length === 0) return [];
  const threads = await sending.threadsOf(
    on,
    all.map(({ lead }) => lead.id),
  );
  const hosts = await tracking.hostsOf(on, [...new Map(all.map(({ mailbox }) => [mailbox.id, mailbox])).values()]);
  const composed: (Composed | Refused)[] = [];
  const before = new Map<string, Earlier[]>();
  for (const { lead, campaign, step, mailbox, contact, sendKey, seed } of all) {
    const links = await tracking.linksOf(on, campaign.organization_id, {
      sendKey,
      hosts: hosts.get(mailbox.id) ?? { tracking: null, unsubscribe: null },
      mailbox: mailbox.email,
      tracking: campaign.tracking,
    });
    const earlier = (threads.get(lead.id) ?? []).flatMap((message): Earlier[] =>
      isSent.has(message.status ?? '') && message.step_id !== step.id
        ? [
            {
              messageId: message.delivered_message_id ?? message.message_id,
              subject: message.subject,
              isForeign: message.mailbox_id !== mailbox.id,
            },
          ]
        : [],
    );
    const ahead = before.get(lead.id) ?? [];
    const message = composedOf({
      step,
      values: valuesOf(lead.id, contact, mailbox, campaign),
      unsubscribe: campaign.unsubscribe,
      links,
      earlier: [...earlier, ...ahead],
      seed,
    });
    composed.push(message);
    if (message.kind === 'message')
      before.set(lead.id, [
        ...ahead,
        { messageId: messageIdOf(sendKey, mailbox.domain), subject: message.content.subject },
      ]);
  }
  return composed;
}

/** A template that was changed for the worse since it was checked stops its lead, not the turn. */
function composedOf(input: Parameters<typeof compose>[1]): Composed | Refused {
  try {
    return compose(engine, input);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const problems = Object.entries(error.details ?? {}).map(([field, problem]) => `${field} ${String(problem)}`);
    return { kind: 'refused', reason: 'template_error', detail: problems.join('; ') || error.message };
  }
}

type Values = Omit<TextValues, 'unsubscribe_url'>;

/** What a text can name of a lead, its contact, the mailbox and the campaign. */
export function valuesOf(
  leadId: string,
  contact: Contact,
  mailbox: Pick<MailboxState, 'email' | 'display_name' | 'signature'>,
  campaign: Pick<Campaign, 'name' | 'goal'>,
): Values {
  return {
    contact: scalars(contact),
    custom: scalars(contact.custom_fields),
    sender: { name: mailbox.display_name, email: mailbox.email, signature: mailbox.signature },
    campaign: { name: campaign.name, goal: campaign.goal },
    lead_token: leadId,
  };
}

const scalars = (record: object): Values['contact'] =>
  Object.fromEntries(
    Object.entries(record).filter(
      (entry): entry is [string, string | number | boolean | null] =>
        entry[1] === null || ['string', 'number', 'boolean'].includes(typeof entry[1]),
    ),
  );
