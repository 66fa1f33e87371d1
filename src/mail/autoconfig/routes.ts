import { z } from 'zod';
import type { Clock } from '../../base/clock.ts';
import { parseAddress } from '../../base/email-address.ts';
import { invalid } from '../../base/errors.ts';
import { dataOf } from '../../http/page.ts';
import { chargeMinute } from '../../http/rate-limit.ts';
import type { RateLimiter } from '../../http/rate-limit.ts';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { findSettings, outcomes, sources } from './find.ts';
import type { Findings, FindOptions } from './find.ts';

export interface AutoconfigOptions extends FindOptions {
  readonly clock: Clock;
  readonly rateLimiter: Pick<RateLimiter, 'take'>;
}

/** Of one key. Without a limit, the call would be a tool to explore other people's networks. */
const requestsMax = 20;

const serverShape = z
  .object({
    host: z.string(),
    port: z.int(),
    security: z.enum(['tls', 'starttls', 'none']),
    username: z.string(),
  })
  .meta({ id: 'MailServer' });

const shape = z
  .object({
    email: z.string(),
    source: z
      .enum(sources)
      .nullable()
      .describe(
        "Where the settings come from: Outrider's table of providers, the mail exchangers of the domain, a configuration file of the domain, or its SRV records. Null: nothing was found.",
      ),
    provider: z
      .enum(['smtp', 'google', 'microsoft'])
      .nullable()
      .describe('`google` and `microsoft` mailboxes can be authorized with OAuth.'),
    auth_hint: z
      .enum(['password', 'app_password', 'oauth'])
      .nullable()
      .describe(
        'What the provider accepts: the password of the account, a password that its settings page makes for programs, or OAuth only.',
      ),
    smtp: serverShape.nullable(),
    imap: serverShape.nullable(),
    message: z.string().nullable().describe('What to do when nothing was found.'),
    tried: z
      .array(
        z.object({
          source: z.enum(sources),
          target: z.string().describe('The domain or URL that was looked up.'),
          outcome: z
            .enum(outcomes)
            .describe('`unusable`: the answer names no SMTP server with TLS. `failed`: there was no answer.'),
        }),
      )
      .describe('In order.'),
  })
  .meta({ id: 'MailSettings' });

const example: z.input<typeof shape> = {
  email: 'ada@gmail.com',
  source: 'provider',
  provider: 'google',
  auth_hint: 'app_password',
  smtp: { host: 'smtp.gmail.com', port: 465, security: 'tls', username: 'ada@gmail.com' },
  imap: { host: 'imap.gmail.com', port: 993, security: 'tls', username: 'ada@gmail.com' },
  message: null,
  tried: [{ source: 'provider', target: 'gmail.com', outcome: 'found' }],
};

const onWire = (email: string, domain: string, { settings, tried }: Findings): z.input<typeof shape> => ({
  email,
  source: settings?.source ?? null,
  provider: settings?.provider ?? null,
  auth_hint: settings?.authHint ?? null,
  smtp: settings?.smtp ?? null,
  imap: settings?.imap ?? null,
  message:
    settings === undefined
      ? `No settings were found for ${domain}. Look up the SMTP and IMAP servers in the help pages of the email provider, and send them with POST /v1/mailboxes.`
      : null,
  tried: [...tried],
});

export const autoconfigRoutes = (options: AutoconfigOptions): readonly Route[] => [
  route({
    method: 'POST',
    path: '/v1/mailboxes/autoconfig',
    tag: 'Mailboxes',
    summary: 'Find the settings of an address',
    description: `Returns the servers to try for an address, without connecting to them. Looks in Outrider's table of providers first, then at the domain's mail exchangers, its configuration file (\`https://autoconfig.DOMAIN/mail/config-v1.1.xml\` or \`https://DOMAIN/.well-known/autoconfig/mail/config-v1.1.xml\`) and its SRV records. A key may call this ${requestsMax} times a minute.`,
    scope: 'mailboxes:write',
    boundKeys: 'own',
    operationId: 'findMailboxSettings',
    body: z.strictObject({ email: z.string().max(1_000) }),
    bodyExample: { email: 'ada@gmail.com' },
    answers: {
      200: {
        description: 'The settings, or what was tried if there are none.',
        schema: dataOf(shape),
        example: { data: example },
      },
    },
    handle: async ({ body, signal }, principal) => {
      const address = parseAddress(body.email);
      if ('problem' in address) throw invalid({ email: address.problem });
      const says = `A key may look up the settings of ${requestsMax} addresses a minute.`;
      await chargeMinute(options, `autoconfig ${principal.keyId}`, requestsMax, says);
      const findings = await findSettings(options, { address, organization: principal.organizationId, signal });
      return { status: 200, body: { data: onWire(address.email, address.domain, findings) } };
    },
  }),
];
