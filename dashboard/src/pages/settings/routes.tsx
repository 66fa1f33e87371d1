import { createRoute } from '@tanstack/react-router';
import { lazyPage } from '../../app/lazy-page.tsx';
import { frameRoute } from '../../app/root.tsx';
import { oneOf, text } from '../../app/search-params.ts';
import type { Raw } from '../../app/search-params.ts';
import { auditTopics } from './audit-words.ts';
import type { AuditTopic } from './audit-words.ts';

interface Opened {
  /** The record beside the list. */
  readonly open?: string;
}

export interface AuditSearch extends Opened {
  readonly topic?: AuditTopic;
}

const opened = (raw: Raw): Opened => ({ open: text(raw['open']) });

const tracking = createRoute({
  getParentRoute: () => frameRoute,
  path: '/settings/tracking',
  validateSearch: opened,
  component: lazyPage(() => import('./tracking.tsx'), 'Tracking'),
});
const data = createRoute({
  getParentRoute: () => frameRoute,
  path: '/settings/data',
  component: lazyPage(() => import('./data.tsx'), 'DataSettings'),
});
const alerts = createRoute({
  getParentRoute: () => frameRoute,
  path: '/settings/alerts',
  validateSearch: opened,
  component: lazyPage(() => import('./alerts.tsx'), 'Alerts'),
});
const audit = createRoute({
  getParentRoute: () => frameRoute,
  path: '/settings/audit',
  validateSearch: (raw: Raw): AuditSearch => ({ ...opened(raw), topic: oneOf(raw['topic'], auditTopics) }),
  component: lazyPage(() => import('./audit.tsx'), 'AuditLog'),
});

const docs = createRoute({
  getParentRoute: () => frameRoute,
  path: '/settings/docs',
  component: lazyPage(() => import('./docs.tsx'), 'Docs'),
});

/** Settings of the organization. */
export const settingsRoutes = [tracking, data, alerts, audit, docs] as const;
