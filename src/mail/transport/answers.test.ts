import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deferralDelaysMs, enhancedCode, verdictOf } from './answers.ts';
import type { Answer, Stage } from './transport.ts';

/** A reply as servers send it: "550 5.1.1 No such user"; null: the connection ended. */
const answerOf = (stage: Stage, reply: string | null): Answer => {
  if (reply === null) return { stage, code: null, enhanced: null, error: 'ECONNRESET', text: 'reset' };
  const code = Number(reply.slice(0, 3));
  return { stage, code, enhanced: enhancedCode(code, reply.slice(4)), error: null, text: reply };
};

const cases: readonly (readonly [Stage, string | null, string])[] = [
  // Sessions.
  ['dns', null, 'deferred host'],
  ['tcp', null, 'deferred host'],
  ['tls', null, 'deferred host'],
  ['greeting', null, 'deferred host'],
  ['greeting', '421 4.3.2 Service not available', 'deferred host'],
  ['greeting', '554 No SMTP service here', 'deferred host'],
  ['greeting', '421 4.7.0 Too many connections from your IP', 'deferred rate'],
  ['greeting', '554 5.7.1 too many connections', 'deferred rate'],
  ['capabilities', '421 4.7.0 Try again later, closing connection. (EHLO)', 'deferred rate'],
  ['auth', null, 'deferred host'],
  ['auth', '535 5.7.8 Username and Password not accepted', 'deferred auth'],
  ['auth', '534 5.7.9 Application-specific password required', 'deferred auth'],
  ['auth', '550 5.7.30 Basic authentication is not supported for Client Submission.', 'deferred auth'],
  ['auth', '535 5.7.139 Authentication unsuccessful, basic authentication is disabled.', 'deferred auth'],
  ['auth', '535 Authentication failed', 'deferred auth'],
  ['auth', '432 4.7.12 A password transition is needed', 'deferred auth'],
  ['auth', '454 4.7.0 Temporary authentication failure', 'deferred auth_temporary'],
  ['auth', '454 4.7.0 Too many login attempts, please try again later.', 'deferred auth_temporary'],
  ['auth', '421 4.7.0 Temporary System Problem', 'deferred auth_temporary'],
  ['auth', '432 4.3.2 Concurrent connections limit exceeded', 'deferred rate'],
  ['auth', '504 5.5.4 Unrecognized authentication type', 'deferred misconfigured'],
  ['auth', '502 5.5.1 Command not implemented', 'deferred misconfigured'],
  ['auth', '530 5.7.0 Must issue a STARTTLS command first', 'deferred misconfigured'],

  // MAIL FROM: never the recipient.
  ['mail_from', null, 'deferred transient'],
  ['mail_from', '550 5.4.5 Daily user sending limit exceeded', 'deferred mailbox_limit'],
  ['mail_from', '452 4.2.1 Too much mail', 'deferred mailbox_limit'],
  ['mail_from', '452 4.5.3 Too many recipients', 'deferred mailbox_limit'],
  ['mail_from', '554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException', 'deferred mailbox_limit'],
  ['mail_from', '552 5.2.2 Mailbox full', 'deferred mailbox_limit'],
  ['mail_from', "550 5.1.90 Your message can't be sent", 'deferred mailbox_limit'],
  ['mail_from', '553 5.1.3 invalid', 'deferred misconfigured'],
  ['mail_from', '553 sorry, that domain is not ours', 'deferred misconfigured'],
  ['mail_from', '550 5.7.60 SMTP; Client does not have permissions to send as this sender', 'deferred misconfigured'],
  ['mail_from', '550 5.1.1 User unknown', 'deferred misconfigured'],
  ['mail_from', '550 5.2.1 Mailbox disabled', 'deferred misconfigured'],
  ['mail_from', '501 5.1.7 Bad sender address syntax', 'deferred misconfigured'],
  ['mail_from', '550 5.7.1 Blocked for spam', 'deferred misconfigured'],
  ['mail_from', '530 5.7.0 Authentication Required', 'deferred auth'],
  ['mail_from', '530 5.7.57 SMTP; Client was not authenticated to send anonymous mail', 'deferred auth'],
  ['mail_from', '552 5.3.4 Message size exceeds fixed limit', 'rejected content'],
  ['mail_from', '451 4.3.0 Try later', 'deferred transient'],
  ['mail_from', '421 4.7.0 Unusual rate of mail', 'deferred rate'],
  ['mail_from', '432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded', 'deferred rate'],
  ['mail_from', '503 5.5.1 Nested MAIL command', 'deferred transient'],

  // RCPT TO.
  ['rcpt_to', null, 'deferred transient'],
  ['rcpt_to', '450 4.2.0 Greylisted, see http://postgrey.example/', 'deferred greylisted'],
  ['rcpt_to', '451 4.7.1 Please try again later', 'deferred greylisted'],
  ['rcpt_to', '450 4.1.2 Domain not found', 'deferred greylisted'],
  ['rcpt_to', '452 4.3.1 Insufficient system storage', 'deferred transient'],
  ['rcpt_to', '421 4.4.2 Timeout exceeded', 'deferred transient'],
  [
    'rcpt_to',
    '450 4.2.1 The user you are trying to contact is receiving mail at a rate that prevents it',
    'deferred greylisted',
  ],
  ['rcpt_to', '550 5.1.1 No such user', 'rejected hard'],
  ['rcpt_to', '550 5.1.2 Bad destination host', 'rejected hard'],
  ['rcpt_to', '553 5.1.3 Bad address syntax', 'rejected hard'],
  ['rcpt_to', '550 5.1.6 Moved', 'rejected hard'],
  ['rcpt_to', '550 5.1.10 RESOLVER.ADR.RecipientNotFound', 'rejected hard'],
  ['rcpt_to', '550 5.2.1 The email account that you tried to reach is disabled', 'rejected hard'],
  ['rcpt_to', '550-5.1.1 The email account does not exist', 'rejected hard'],
  ['rcpt_to', '550 5.4.1 Recipient address rejected: Access denied', 'rejected hard'],
  ['rcpt_to', '550 5.4.310 DNS domain does not exist', 'rejected hard'],
  ['rcpt_to', '550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302)', 'rejected hard'],
  ['rcpt_to', '550 <x@y.test>: Recipient address rejected: User unknown in local recipient table', 'rejected hard'],
  ['rcpt_to', '550 sorry, no mailbox here by that name. (#5.1.1)', 'rejected hard'],
  ['rcpt_to', '550 5.1.1 Rejected, your IP has a bad reputation', 'rejected block'],
  ['rcpt_to', '550 Requested action not taken: mailbox unavailable', 'rejected block'],
  ['rcpt_to', '550 Blocked, user unknown to your reputation', 'rejected block'],
  ['rcpt_to', '552 5.2.2 Mailbox full', 'deferred mailbox_full'],
  ['rcpt_to', '452 4.2.2 The recipient is over quota', 'deferred mailbox_full'],
  ['rcpt_to', '552 4.2.2 Mailbox full', 'deferred mailbox_full'],
  ['rcpt_to', '552 Requested mail action aborted: exceeded storage allocation', 'deferred mailbox_full'],
  ['rcpt_to', '550 5.7.1 Message rejected by policy', 'rejected block'],
  ['rcpt_to', '554 5.7.1 Service unavailable; client host blocked using zen.spamhaus.org', 'rejected block'],
  ['rcpt_to', '550 5.7.606 Access denied, banned sending IP', 'rejected block'],
  ['rcpt_to', '553 5.7.1 <a@b.test>: Sender address rejected: not owned by user a', 'deferred misconfigured'],
  ['rcpt_to', '550 5.1.8 <a@b.test>: Sender address rejected: Domain not found', 'deferred misconfigured'],
  ['rcpt_to', '550 5.1.1 <a@b.test>: Sender address rejected: User unknown', 'deferred misconfigured'],
  ['rcpt_to', '550 Sender verify failed', 'deferred misconfigured'],
  ['rcpt_to', '554 5.7.1 <x@y.test>: Relay access denied', 'deferred misconfigured'],
  ['rcpt_to', '550 5.7.1 Unable to relay', 'deferred misconfigured'],
  ['rcpt_to', '451 4.7.500 Server busy. Please try again later', 'deferred rate'],
  ['rcpt_to', '503 5.5.1 Bad sequence of commands', 'deferred transient'],

  // DATA and the body.
  ['data', null, 'deferred transient'],
  ['data', '451 4.3.0 Aborted', 'deferred transient'],
  ['data', '554 5.5.1 No valid recipients', 'rejected block'],
  ['body', '451 4.3.0 Aborted', 'deferred transient'],
  ['body', '451 4.7.1 Greylisting in action', 'deferred greylisted'],
  ['body', '452 4.2.2 Mailbox full', 'deferred mailbox_full'],
  ['body', '421 4.7.28 Unusual rate of unsolicited mail', 'deferred rate'],
  ['body', '450 4.7.28 Unusual rate of unsolicited mail', 'deferred rate'],
  ['body', '421 4.7.0 Suspicious due to the low reputation of the sender', 'deferred rate'],
  ['body', '421 4.3.2 Shutting down', 'deferred transient'],
  ['body', '421 4.7.26 This mail is unauthenticated', 'deferred domain_auth'],
  ['body', '421 4.7.27 SPF check did not pass', 'deferred domain_auth'],
  ['body', '421 4.7.30 DKIM check did not pass', 'deferred domain_auth'],
  ['body', '421 4.7.32 From is not aligned', 'deferred domain_auth'],
  ['body', '550 5.7.26 This mail is unauthenticated', 'rejected domain_auth'],
  ['body', '550 5.7.27 SPF check did not pass', 'rejected domain_auth'],
  ['body', '550 5.7.30 DKIM check did not pass', 'rejected domain_auth'],
  ['body', '550 5.7.40 DMARC policy', 'rejected domain_auth'],
  [
    'body',
    '550 5.7.515 Access denied, sending domain does not meet the required authentication level',
    'rejected domain_auth',
  ],
  ['body', '550 5.7.509 Sending domain does not pass DMARC verification', 'rejected domain_auth'],
  ['body', '550 5.4.5 Daily user sending limit exceeded', 'deferred mailbox_limit'],
  ['body', '550 5.7.60 SMTP; Client does not have permissions to send as this sender', 'deferred misconfigured'],
  ['body', '554 5.2.252 SendAsDenied; a@b.test not allowed to send as c@d.test', 'deferred misconfigured'],
  ['body', '554 Message rejected: Email address is not verified.', 'deferred misconfigured'],
  ['body', '550 5.7.708 Access denied, traffic not accepted from this IP', 'deferred misconfigured'],
  ['body', '550 5.7.705 Access denied, tenant has exceeded threshold', 'deferred mailbox_limit'],
  ['body', '554 5.7.1 Message rejected as spam', 'rejected block'],
  ['body', '554 Transaction failed', 'rejected block'],
  ['body', '554 5.6.0 Message malformed', 'rejected content'],
  ['body', '552 5.3.4 Message too big', 'rejected content'],
  ['body', '552 5.2.3 Message exceeds maximum fixed size', 'rejected content'],
  [
    'body',
    '552-5.7.0 This message was blocked because its content presents a potential security issue',
    'rejected content',
  ],
  ['body', '554 5.7.1 Virus found', 'rejected content'],
  ['body', '550 5.1.1 User unknown', 'rejected hard'],
  ['body', "554 delivery error: dd This user doesn't have a yahoo.com account", 'rejected hard'],
];

for (const [stage, reply, expected] of cases)
  test(`${stage}: ${reply ?? 'the connection ended'}: ${expected}`, () => {
    const { outcome, cause } = verdictOf(answerOf(stage, reply));
    assert.equal(`${outcome} ${cause}`, expected);
  });

test('a rejection of the sender never has a cause of the recipient', () => {
  for (let code = 400; code < 600; code++)
    for (const enhanced of ['', '5.1.1 ', '5.1.2 ', '5.2.1 ', '5.2.2 ', '4.2.2 ', '5.1.10 ', '4.2.1 ', '5.7.1 '])
      for (const text of ['User unknown', 'Mailbox full', 'Greylisted', 'no such user here', 'over quota']) {
        const { cause } = verdictOf(answerOf('mail_from', `${code} ${enhanced}${text}`));
        assert.ok(!['hard', 'mailbox_full'].includes(cause), `${code} ${enhanced}${text}: ${cause}`);
      }
});

test('every reply to a message has a verdict, and temporary ones are never rejections', () => {
  for (const stage of ['mail_from', 'rcpt_to', 'data', 'body'] as const)
    for (let code = 400; code < 500; code++)
      assert.equal(verdictOf(answerOf(stage, `${code} anything`)).outcome, 'deferred');
});

test('an enhanced code is read at the beginning only, and must agree with the reply code', () => {
  assert.equal(enhancedCode(550, '5.1.1 no'), '5.1.1');
  assert.equal(enhancedCode(550, 'no (#5.1.1)'), '5.1.1');
  assert.equal(enhancedCode(550, 'blocked 5.1.1.1'), null);
  assert.equal(enhancedCode(550, '5.1.1.1 is blocked'), null);
  assert.equal(enhancedCode(550, '4.7.1 no'), null);
  assert.equal(enhancedCode(552, '4.2.2 full'), '4.2.2');
});

test('a deferred message is tried again seven times within 16 hours', () => {
  assert.equal(deferralDelaysMs.length, 7);
  assert.equal(deferralDelaysMs.reduce((sum, delay) => sum + delay) / 3_600_000, 15 + 50 / 60);
});
