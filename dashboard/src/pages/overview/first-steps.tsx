import { useQuery } from '@tanstack/react-query';
import type { LinkProps } from '@tanstack/react-router';
import type { Webhook } from '@outrider/sdk';
import { api, apiIn } from '../../app/api.ts';
import { choose, useChoice } from '../../app/choice.ts';
import { enterOrganization, useMay, useSandbox, useSession } from '../../app/session.ts';
import { Button, LinkButton } from '../../components/button.tsx';
import { Region } from '../../components/page.tsx';
import { ToneShape } from '../../components/status.tsx';
import { toast } from '../../components/toast.tsx';

interface Step {
  readonly word: string;
  readonly hint: string;
  readonly done: boolean;
  readonly action: string;
  /** A page, or what the button does. */
  readonly link: LinkProps | (() => void);
  /** Without it, the step is left to others. */
  readonly scope: string;
}

/** From nothing to a delivered event and a first mail. It disappears when all is done. */
export function FirstSteps({ endpoints }: { readonly endpoints: readonly Webhook[] | undefined }) {
  const may = useMay();
  const { organization } = useSession();
  const sandbox = useSandbox();
  const isHidden = useChoice('steps') === 'hidden';
  const { data } = useQuery({
    enabled: !isHidden,
    queryKey: ['first-steps'],
    queryFn: async ({ signal }) => {
      const one = { page_size: 1 };
      const [delivered, contacts, mailboxes, campaigns, captured] = await Promise.all([
        may('webhooks:read') ? api.deliveries.search({ status: 'delivered', limit: 1 }, { signal }).page() : undefined,
        may('contacts:read') ? api.contacts.list({ limit: 1 }, { signal }).page() : undefined,
        may('mailboxes:read') ? api.mailboxes.list(one, { signal }).page() : undefined,
        may('campaigns:read') ? api.campaigns.list(one, { signal }).page() : undefined,
        may('campaigns:read')
          ? (organization.sandbox || sandbox === undefined ? api : apiIn(sandbox.id)).capturedMessages
              .list({ limit: 1 }, { signal })
              .page()
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
  // Without the right to see endpoints, their steps are left out below.
  if (data === undefined || isHidden || (endpoints === undefined && may('webhooks:read'))) return null;
  const all: readonly Step[] = [
    {
      word: 'Add an endpoint',
      hint: 'A URL of yours that receives events.',
      done: (endpoints?.length ?? 0) > 0,
      action: 'Add',
      link: { to: '/settings/api', search: { create: 'endpoint' } },
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
    {
      word: 'Capture the first mail',
      hint: organization.sandbox
        ? 'Send one: it never leaves this installation.'
        : 'Send one from the sandbox; it never leaves this installation.',
      done: data.captured,
      ...(organization.sandbox
        ? { action: 'Open', link: { to: '/captured' }, scope: 'campaigns:write' }
        : sandbox === undefined
          ? {
              action: 'Create sandbox',
              link: { to: '/settings/api', search: { create: 'sandbox' } },
              scope: 'keys:write',
            }
          : {
              action: 'Open sandbox',
              link: () => {
                enterOrganization(sandbox.id);
              },
              scope: 'campaigns:write',
            }),
    },
  ];
  const steps = all.filter(({ scope }) => may(scope));
  const done = steps.filter((step) => step.done).length;
  if (done === steps.length) return null;
  const next = steps.findIndex((step) => !step.done);
  const hide = (): void => {
    choose('steps', 'hidden');
    toast('The first steps are hidden.', {
      undo: () => {
        choose('steps', undefined);
      },
    });
  };
  return (
    <Region
      flush
      title="Get started"
      aside={`${done} of ${steps.length} done`}
      end={
        <Button look="quiet" size="sm" onClick={hide}>
          Hide
        </Button>
      }
    >
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
            {isDone ? null : typeof link === 'function' ? (
              <Button size="sm" look={index === next ? 'primary' : undefined} onClick={link}>
                {action}
              </Button>
            ) : (
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
