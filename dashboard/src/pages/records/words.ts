import type { Contact } from '@outrider/sdk';
import type { Tone } from '../../components/status.tsx';

/** What a contact is called: name, otherwise address. */
export const nameOf = ({
  first_name: first,
  last_name: last,
  email,
  id,
}: Pick<Contact, 'first_name' | 'last_name' | 'email' | 'id'>): string =>
  [first, last].filter(Boolean).join(' ') || (email ?? id);

export const contactStates: Readonly<Record<Contact['status'], readonly [Tone, string]>> = {
  active: ['ok', 'Active'],
  replied: ['pending', 'Replied'],
  bounced: ['failed', 'Bounced'],
  unsubscribed: ['off', 'Unsubscribed'],
};

export const stages = [
  { value: 'proposal', label: 'Proposal' },
  { value: 'active', label: 'Active' },
  { value: 'review', label: 'Review' },
  { value: 'complete', label: 'Complete' },
  { value: 'archived', label: 'Archived' },
] as const;

export const stageTone: Readonly<Record<(typeof stages)[number]['value'], Tone>> = {
  proposal: 'pending',
  active: 'ok',
  review: 'held',
  complete: 'ok',
  archived: 'off',
};

export const activityTypes = [
  { value: 'call', label: 'Call' },
  { value: 'email', label: 'Email' },
  { value: 'meeting', label: 'Meeting' },
  { value: 'note', label: 'Note' },
] as const;

/** What an activity says, in one line. */
export function summaryOf(metadata: Readonly<Record<string, unknown>>): string {
  const found = ['subject', 'notes', 'content', 'body', 'outcome'].flatMap((name) => {
    const value = metadata[name];
    return typeof value === 'string' && value !== '' ? [value] : [];
  });
  return found.join(' – ');
}

export const reasons = [
  { value: 'unsubscribed', label: 'Unsubscribed' },
  { value: 'hard_bounce', label: 'Hard bounce' },
  { value: 'complaint', label: 'Complaint' },
  { value: 'manual', label: 'Manual' },
  { value: 'import', label: 'Import' },
  { value: 'erased', label: 'Erased' },
] as const;

export const bases = [
  { value: 'legitimate_interests', label: 'Legitimate interests' },
  { value: 'consent', label: 'Consent' },
  { value: 'contract', label: 'Contract' },
  { value: 'legal_obligation', label: 'Legal obligation' },
  { value: 'vital_interests', label: 'Vital interests' },
  { value: 'public_task', label: 'Public task' },
] as const;
export type Basis = (typeof bases)[number]['value'];

/** Money is in cents. */
export const money = (cents: number | null): string =>
  cents === null ? '–' : (cents / 100).toLocaleString('en-US', { minimumFractionDigits: 2 });
