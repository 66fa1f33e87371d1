import { addressOf, groupsOf, typedValue } from './fields.ts';
import type { Fields } from './fields.ts';
import type { Failure } from './types.ts';

const recipientsMax = 100;

/** What the fields of a delivery report (RFC 3464 §2.3) say of each recipient. */
export interface Status {
  readonly failures: readonly Omit<Failure, 'isCut'>[];
  readonly reportingMta: string | undefined;
  /** Exchange and Google name the message here. */
  readonly originalMessageId: string | undefined;
}

/** Reads the fields of a delivery report. Groups without an address or an outcome are none of a recipient. */
export function readStatus(text: string): Status {
  const groups = groupsOf(text);
  const all = new Map(groups.toReversed().flatMap((group) => [...group]));
  const ofMessage = groups.find((group) => group.has('reporting-mta'));
  return {
    failures: groups.flatMap((group) => failureOf(group) ?? []).slice(0, recipientsMax),
    reportingMta: ofMessage === undefined ? undefined : typedValue(ofMessage.get('reporting-mta')).value,
    originalMessageId: /<[\x21-\x3b\x3d\x3f-\x7e]{1,898}>/.exec(all.get('x-original-message-id') ?? '')?.[0],
  };
}

function failureOf(group: Fields): Omit<Failure, 'isCut'> | undefined {
  const final = addressOf(group.get('final-recipient'));
  const original = addressOf(group.get('original-recipient'));
  const actual = addressOf(group.get('x-actual-recipient'));
  // RFC 3464 §2.3.1: what was written to comes first.
  const [address, ...others] = [...new Set([original, final, actual].filter((each) => each !== undefined))];
  const action = /[a-z]+/.exec((group.get('action') ?? '').toLowerCase())?.[0];
  const isOfRecipient =
    group.has('final-recipient') || group.has('original-recipient') || (action !== undefined && group.has('status'));
  if (!isOfRecipient) return undefined;
  const { type, value } = typedValue(group.get('diagnostic-code'));
  const status = /(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])/.exec(group.get('status') ?? '')?.[0];
  // Some servers explain the status in its own field.
  const comment = /^[245]\.\d+\.\d+\s*\(([^)]*)\)?/.exec(group.get('status') ?? '')?.[1] ?? '';
  const remote = group.get('remote-mta');
  return {
    address: address ?? '',
    others,
    action,
    status,
    text: value === '' && !/other or undefined/i.test(comment) ? comment : value,
    type,
    command: undefined,
    host: remote === undefined ? undefined : typedValue(remote).value,
  };
}
