import { own } from '../../../base/own.ts';
import type { Provider } from '../provider.ts';
import { brevo } from './brevo.ts';
import { calcom } from './calcom.ts';
import { calendly } from './calendly.ts';
import { generic } from './generic.ts';
import { mailgun } from './mailgun.ts';
import { postmark } from './postmark.ts';
import { resend } from './resend.ts';
import { sendgrid } from './sendgrid.ts';
import { ses } from './ses.ts';

/** One line per provider. Of a post with an API key, the first that recognises it reads it, so `generic` comes last. */
export const providers = {
  resend,
  sendgrid,
  mailgun,
  postmark,
  ses,
  brevo,
  calcom,
  calendly,
  generic,
} as const satisfies Record<string, Provider>;

export type ProviderName = keyof typeof providers;

export const providerNames = Object.keys(providers) as [ProviderName, ...ProviderName[]];

export const providerOf = (name: string): Provider | undefined => own(providers, name);
