import { useQuery } from '@tanstack/react-query';
import type { LinkProps } from '@tanstack/react-router';
import type { Webhook } from '@outrider/sdk';
import { api } from '../../app/api.ts';
import { useMay, useSession } from '../../app/session.ts';
import { LinkButton } from '../../components/button.tsx';
import { Region } from '../../components/page.tsx';
import { ToneShape } from '../../components/status.tsx';

interface Step {
  readonly word: string;
  readonly hint: string;
  readonly done: boolean;
  readonly action: string;
  readonly link: LinkProps;
  /** Without it, the step is left to others. */
  readonly scope: string;
}

/** From nothing to a delivered event and a first mail. It disappears when all is done. */
export function FirstSteps({ endpoints }: { readonly endpoints: readonly Webhook[] }) {
  const may = useMay();
  const { organization } = useSession();
  const { data } = useQuery({
    queryKey: ['first-steps'],
    queryFn: async ({ signal }) => {
      const one = { page_size: 1 };
      const [delivered, contacts, mailboxes, campaigns, captured] = await Promise.all([
        may('webhooks:read') ? api.deliveries.search({ status: 'delivered', limit: 1 }, { signal }).page() : undefined,
        may('contacts:read') ? api.contacts.list({ limit: 1 }, { signal }).page() : undefined,
        may('mailboxes:read') ? api.mailboxes.list(one, { signal }).page() : undefined,
        may('campaigns:read') ? api.campaigns.list(one, { signal }).page() : undefined,
        may('campaigns:read') && organization.sandbox
          ? api.capturedMessages.list({ limit: 1 }, { signal }).page()
          : undefined,
      ]);
      const some = (page: { readonly data: readonly unknown[] } | undefined): boolean => (page?.data.length ?? 0) > 0;
      return {
        delivered: some(delivered),
        contacts: some(contacts),
        mailboxes: some(mailboxes),
        campaigns: some(campaigns),
        captured: some(captured),
      };
    },
  });
  if (data === undefined) return null;
  const all: readonly Step[] = [
    {
      word: 'Add an endpoint',
      hint: 'A URL of yours that receives events.',
      done: endpoints.length > 0,
      action: 'Add',
      link: { to: '/settings/api' },
      scope: 'webhooks:write',
    },
    {
      word: 'Deliver a test event',
      hint: 'Send one to your endpoint and see the answer.',
      done: data.delivered,
      action: 'Send',
      link: { to: '/settings/api' },
      scope: 'webhooks:write',
    },
    {
      word: 'Import contacts',
      hint: 'A CSV, or the API.',
      done: data.contacts,
      action: 'Import',
      link: { to: '/imports/new' },
      scope: 'contacts:write',
    },
    {
      word: 'Connect a mailbox',
      hint: 'It is tested step by step.',
      done: data.mailboxes,
      action: 'Connect',
      link: { to: '/mailboxes/new' },
      scope: 'mailboxes:write',
    },
    {
      word: 'Start a campaign',
      hint: 'From one mail.',
      done: data.campaigns,
      action: 'Create',
      link: { to: '/campaigns' },
      scope: 'campaigns:write',
    },
    ...(organization.sandbox
      ? [
          {
            word: 'Capture the first mail',
            hint: 'It never leaves this installation.',
            done: data.captured,
            action: 'Open',
            link: { to: '/captured' },
            scope: 'campaigns:write',
          } as const,
        ]
      : []),
  ];
  const steps = all.filter(({ scope }) => may(scope));
  const done = steps.filter((step) => step.done).length;
  if (done === steps.length) return null;
  const next = steps.findIndex((step) => !step.done);
  return (
    <Region flush title="Get started" aside={`${done} of ${steps.length} done`}>
      <ul className="list steps">
        {steps.map(({ word, hint, done: isDone, action, link }, index) => (
          <li key={word}>
            {isDone ? (
              <span className="st ok quiet">
                <ToneShape tone="ok" />
                <span className="sr">done</span>
              </span>
            ) : (
              <span className="ring" />
            )}
            <div className="grow">
              <div className={isDone ? 'muted' : 'medium'}>{word}</div>
              {index === next ? <div className="small muted">{hint}</div> : null}
            </div>
            {isDone ? null : (
              <LinkButton size="sm" look={index === next ? 'primary' : undefined} {...link}>
                {action}
              </LinkButton>
            )}
          </li>
        ))}
      </ul>
    </Region>
  );
}
