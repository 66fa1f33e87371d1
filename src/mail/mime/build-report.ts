import { createHash } from 'node:crypto';
import { DateTime } from 'luxon';
import { domainOf } from '../../base/email-address.ts';

/** A report about a message, as the recipient's server sends it. */
interface ReportInput {
  /** Where the report goes: the envelope sender of the message. */
  readonly to: string;
  readonly recipient: string;
  /** The message; its headers are returned. */
  readonly original: Buffer;
  /** Of the report. */
  readonly messageId: string;
  readonly date: Date;
}

export interface DeliveryReportInput extends ReportInput {
  readonly action: 'failed' | 'delivered';
  /** Enhanced status code (RFC 3463). */
  readonly status: string;
  /** What the recipient's server answered. */
  readonly answer: string;
}

/**
 * A delivery report (RFC 3464), for simulated recipients. The same input gives the same bytes.
 * @example
 * buildDeliveryReport({ to, recipient, original, messageId, date, action: 'failed', status: '5.1.1', answer: '550 5.1.1 User unknown' });
 */
export function buildDeliveryReport({ action, status, answer, ...input }: DeliveryReportInput): Buffer {
  const recipient = inAscii(input.recipient);
  const domain = domainPart(recipient);
  return report(input, {
    from: `Mail Delivery System <mailer-daemon@${domain}>`,
    subject: action === 'failed' ? 'Undelivered Mail Returned to Sender' : 'Successful Mail Delivery Report',
    type: 'delivery-status',
    text: [
      action === 'failed' ? 'Your message could not be delivered to this recipient:' : 'Your message was delivered to:',
      '',
      `<${recipient}>: ${answer}`,
    ],
    fields: [
      `Reporting-MTA: dns; mx.${domain}`,
      `Arrival-Date: ${dateText(input.date)}`,
      '',
      `Original-Recipient: rfc822; ${recipient}`,
      `Final-Recipient: rfc822; ${recipient}`,
      `Action: ${action}`,
      `Status: ${status}`,
      `Remote-MTA: dns; mx.${domain}`,
      `Diagnostic-Code: smtp; ${answer}`,
    ],
  });
}

/** A complaint (RFC 5965): the recipient marked the message as spam. For simulated recipients. */
export function buildComplaint(input: ReportInput): Buffer {
  const recipient = inAscii(input.recipient);
  const domain = domainPart(recipient);
  return report(input, {
    from: `Complaints <feedback@${domain}>`,
    subject: 'Complaint about a message',
    type: 'feedback-report',
    text: ['A recipient marked the message below as spam.'],
    fields: [
      'Feedback-Type: abuse',
      'User-Agent: Feedback/1.0',
      'Version: 1',
      `Original-Mail-From: <${inAscii(input.to)}>`,
      `Original-Rcpt-To: <${recipient}>`,
      `Arrival-Date: ${dateText(input.date)}`,
      `Reported-Domain: ${domainPart(inAscii(input.to))}`,
    ],
  });
}

interface ReportParts {
  readonly from: string;
  readonly subject: string;
  readonly type: 'delivery-status' | 'feedback-report';
  readonly text: readonly string[];
  readonly fields: readonly string[];
}

function report(
  { to, original, messageId, date }: ReportInput,
  { from, subject, type, text, fields }: ReportParts,
): Buffer {
  const boundary = `=_${createHash('sha256').update(messageId).digest('hex').slice(0, 32)}`;
  const end = original.indexOf('\r\n\r\n');
  const headers = original.subarray(0, end === -1 ? original.length : end);
  const lines = [
    `From: ${from}`,
    `To: ${inAscii(to)}`,
    `Subject: ${subject}`,
    `Date: ${dateText(date)}`,
    `Message-ID: ${messageId}`,
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    `Content-Type: multipart/report; report-type=${type};`,
    ` boundary="${boundary}"`,
    '',
    `--${boundary}`,
    'Content-Type: text/plain; charset=us-ascii',
    '',
    ...text,
    '',
    `--${boundary}`,
    `Content-Type: message/${type}`,
    '',
    ...fields,
    '',
    `--${boundary}`,
    'Content-Type: text/rfc822-headers',
    '',
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n`), headers, Buffer.from(`\r\n\r\n--${boundary}--\r\n`)]);
}

const dateText = (date: Date): string => DateTime.fromJSDate(date, { zone: 'utc' }).toRFC2822() ?? '';

function inAscii(address: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, at)}@${domainOf(address.slice(at + 1)) ?? address.slice(at + 1)}`;
}

const domainPart = (address: string): string => address.slice(address.lastIndexOf('@') + 1);
