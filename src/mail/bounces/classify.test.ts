import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { classify } from './classify.ts';
import type { Refusal } from './classify.ts';

const said = (text: string, more: Partial<Refusal> = {}) =>
  classify({
    action: 'failed',
    status: undefined,
    text,
    type: 'smtp',
    command: undefined,
    host: undefined,
    isCut: false,
    ...more,
  });

describe('a refusal', () => {
  const cases: readonly [verdict: string | null, reason: string, status: string | undefined, text: string][] = [
    ['hard', 'userunknown', '5.1.1', ''],
    ['hard', 'userunknown', '5.1.10', '550 5.1.10 RESOLVER.ADR.RecipientNotFound'],
    ['hard', 'suspend', '5.2.1', '550 5.2.1 The email account that you tried to reach is disabled'],
    ['hard', 'userunknown', '5.0.0', '550 5.1.1 <x@y.example>: no mailbox here by that name'],
    ['hard', 'userunknown', '5.0.0', '550 No such user'],
    ['hard', 'userunknown', undefined, "554 delivery error: dd This user doesn't have a yahoo.com account"],
    [
      'hard',
      'hostunknown',
      undefined,
      'Host or domain name not found. Name service error for name=x.example type=A: Host not found',
    ],
    ['hard', 'hostunknown', '4.0.0', "DNS Error: DNS type 'mx' lookup of x.example responded with code NXDOMAIN"],
    ['hard', 'hasmoved', '5.1.6', '550 5.1.6 recipient no longer on server'],
    ['soft', 'userunknown', '4.1.1', '450 4.1.1 Recipient address rejected: unverified address: user unknown'],
    ['soft', 'userunknown', undefined, '550 Requested action not taken: mailbox unavailable'],
    ['soft', 'mailboxfull', '5.2.2', '552 5.2.2 The mailbox is over quota'],
    ['soft', 'mailboxfull', '5.1.1', '550 5.1.1 mailbox full'],
    ['soft', 'expired', '4.4.7', 'delivery time expired'],
    ['soft', 'onhold', '5.0.0', '550 no'],
    [null, 'undefined', '5.0.0', ''],
    ['policy', 'securityerror', '5.7.1', '550 5.7.1 Message rejected'],
    ['block', 'spamdetected', '5.1.1', '550 5.1.1 Your message looks like spam'],
    ['auth', 'authfailure', '5.0.0', '550 5.7.26 unauthenticated'],
    ['block', 'rejected', '5.1.8', '553 5.1.8 Domain of sender address does not exist'],
    ['block', 'blocked', '5.0.0', '554 blocked using zen.example'],
    ['block', 'requireptr', undefined, '550 5.7.25 The IP address sending this message does not have a PTR record'],
    ['policy', 'mesgtoobig', '5.3.4', '552 5.3.4 Message too big for system'],
    ['limit', 'speeding', undefined, '450 4.2.1 The user you are trying to contact is receiving mail too quickly'],
    ['block', 'blocked', undefined, '550 permanent failure for one or more recipients (ada@lovelace.example:blocked)'],
    ['block', 'spamdetected', undefined, '550 5.2.0 Mail rejete. Mail rejected. OFR_506 [506]'],
  ];
  for (const [verdict, reason, status, text] of cases)
    test(`is ${verdict}, ${reason} for ${status ?? 'no status'} and "${text}"`, () => {
      const judged = said(text, { status });
      assert.deepEqual([judged.verdict, judged.reason], [verdict, reason]);
    });

  test('is a delay or a success by its action', () => {
    assert.equal(said('450 4.4.1 timed out', { action: 'delayed' }).verdict, 'delayed');
    for (const action of ['delivered', 'relayed', 'expanded']) assert.equal(said('', { action }).verdict, 'delivered');
    assert.equal(said('', { action: undefined, status: '2.1.5' }).verdict, 'delivered');
  });

  test('whose text was cut is not hard', () => {
    assert.equal(said('550 5.1.1 <x@y.example>: mail', { isCut: true }).verdict, 'soft');
  });

  test('is not judged by the words of an address or of a link', () => {
    const text = '550 5.7.1 <userunknown@spam.example> rejected, see https://x.example/mailbox-full#userunknown';
    assert.equal(said(text).reason, 'securityerror');
  });

  test('after the content was sent is about the content, unless its code says that the address does not exist', () => {
    assert.equal(said('550 user unknown', { command: 'DATA' }).reason, 'filtered');
    assert.equal(said('550 5.1.1 user unknown', { command: 'DATA' }).reason, 'userunknown');
    assert.equal(said('550 user unknown (in reply to end of DATA command)').reason, 'filtered');
  });

  test('of a provider is read with its own words', () => {
    assert.equal(said('550 : User unknown', { host: 'lsean.ezweb.ne.jp' }).reason, 'filtered');
    assert.equal(said('550 <x@ezweb.ne.jp>: User unknown', { host: 'lsean.ezweb.ne.jp' }).reason, 'userunknown');
    assert.equal(
      said('554 email rejected due to security policies', { host: 'eu.mimecast.com' }).reason,
      'virusdetected',
    );
  });
});
