import { createRoute } from '@tanstack/react-router';
import { lazyPage } from '../../app/lazy-page.tsx';
import { frameRoute } from '../../app/root.tsx';
import { oneOf, text } from '../../app/search-params.ts';
import type { Raw } from '../../app/search-params.ts';

export const mailboxTabs = ['connection', 'warmup', 'messages', 'settings'] as const;
export const campaignTabs = ['leads', 'sequence', 'replies', 'skipped'] as const;
export const campaignStatuses = ['draft', 'active', 'paused', 'completed', 'archived'] as const;
export const inboxViews = ['done', 'starred', 'all'] as const;

const inbox = createRoute({
  getParentRoute: () => frameRoute,
  path: '/inbox',
  validateSearch: (
    raw: Raw,
  ): {
    view?: (typeof inboxViews)[number];
    class?: string;
    mailbox?: string;
    campaign?: string;
    open?: string;
  } => ({
    view: oneOf(raw['view'], inboxViews),
    class: text(raw['class']),
    mailbox: text(raw['mailbox']),
    campaign: text(raw['campaign']),
    open: text(raw['open']),
  }),
  component: lazyPage(() => import('./inbox/inbox.tsx'), 'Inbox'),
});
const campaigns = createRoute({
  getParentRoute: () => frameRoute,
  path: '/campaigns',
  validateSearch: (raw: Raw): { status?: (typeof campaignStatuses)[number] } => ({
    status: oneOf(raw['status'], campaignStatuses),
  }),
  component: lazyPage(() => import('./campaigns/campaigns.tsx'), 'Campaigns'),
});
const campaign = createRoute({
  getParentRoute: () => frameRoute,
  path: '/campaigns/$id',
  validateSearch: (raw: Raw): { tab?: (typeof campaignTabs)[number]; status?: string; open?: string } => ({
    tab: oneOf(raw['tab'], campaignTabs),
    status: text(raw['status']),
    open: text(raw['open']),
  }),
  component: lazyPage(() => import('./campaigns/campaign.tsx'), 'CampaignPage'),
});
const builder = createRoute({
  getParentRoute: () => frameRoute,
  path: '/campaigns/$id/edit',
  validateSearch: (raw: Raw): { step?: string } => ({ step: text(raw['step']) }),
  component: lazyPage(() => import('./campaigns/builder.tsx'), 'Builder'),
});
const mailboxes = createRoute({
  getParentRoute: () => frameRoute,
  path: '/mailboxes',
  component: lazyPage(() => import('./mailboxes/mailboxes.tsx'), 'Mailboxes'),
});
const connect = createRoute({
  getParentRoute: () => frameRoute,
  path: '/mailboxes/new',
  component: lazyPage(() => import('./mailboxes/connect.tsx'), 'Connect'),
});
const mailbox = createRoute({
  getParentRoute: () => frameRoute,
  path: '/mailboxes/$id',
  validateSearch: (raw: Raw): { tab?: (typeof mailboxTabs)[number]; status?: string; open?: string } => ({
    tab: oneOf(raw['tab'], mailboxTabs),
    status: text(raw['status']),
    open: text(raw['open']),
  }),
  component: lazyPage(() => import('./mailboxes/mailbox.tsx'), 'MailboxPage'),
});
const captured = createRoute({
  getParentRoute: () => frameRoute,
  path: '/captured',
  validateSearch: (raw: Raw): { to?: string; mailbox?: string; open?: string } => ({
    to: text(raw['to']),
    mailbox: text(raw['mailbox']),
    open: text(raw['open']),
  }),
  component: lazyPage(() => import('./captured/captured.tsx'), 'Captured'),
});

/** Inbox, campaigns, mailboxes, captured mail. */
export const mailRoutes = [inbox, campaigns, campaign, builder, mailboxes, connect, mailbox, captured] as const;
