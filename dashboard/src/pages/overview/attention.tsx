import { useQuery } from '@tanstack/react-query';
import type { WebhookOverview } from '@outrider/sdk';
import { LinkButton } from '../../components/button.tsx';
import { counted } from '../../components/format.ts';
import { Region } from '../../components/page.tsx';
import { Status } from '../../components/status.tsx';
import type { Tone } from '../../components/status.tsx';
import { Url } from '../../components/value.tsx';
import { api } from '../../app/api.ts';
import { useMay } from '../../app/session.ts';
import { whyDisabled } from '../webhooks/words.ts';

interface Item {
  readonly id: string;
  readonly urgency: number;
  readonly tone: Tone;
  readonly word: string;
  readonly url?: string;
  readonly name?: string;
  readonly why: string;
  readonly link: { readonly to: '/webhooks/$id' | '/mailboxes/$id'; readonly params: { readonly id: string } };
}

const mailboxProblems = {
  auth_failed: [3, 'failed', 'Signed out'],
  disconnected: [3, 'failed', 'Disconnected'],
  degraded: [2, 'watch', 'Degraded'],
  paused: [1, 'held', 'Paused'],
} as const;

const bandReasons = {
  watch: 'Its figures got worse; the mailbox shows which, and what helps.',
  quarantine: 'Too much bounced, was complained about or landed in spam; the mailbox shows what helps.',
  blocked: 'Far too much bounced, was complained about or landed in spam; the mailbox shows what helps.',
} as const;

/** What a person has to look at, the most urgent first. */
export function Attention({ endpoints }: { readonly endpoints: WebhookOverview['attention'] | undefined }) {
  const may = useMay()('mailboxes:read');
  const { data } = useQuery({
    queryKey: ['mailboxes', 'overview'],
    queryFn: ({ signal }) => api.mailboxes.list({ page_size: 100 }, { signal }).page(),
    enabled: may,
  });
  const isKnown = endpoints !== undefined && (data !== undefined || !may);
  const items: Item[] = [
    ...(endpoints ?? []).map((endpoint): Item => {
      const { id, target_url: url, is_active: isActive, consecutive_failures: failures, last_error: error } = endpoint;
      const link = { to: '/webhooks/$id', params: { id } } as const;
      const why = whyDisabled(endpoint);
      if (isActive || why === undefined)
        return {
          ...{ id, url, link, urgency: 3, tone: 'failed', word: 'Failing' },
          why: `${failures === 1 ? 'The last attempt' : `The last ${counted(failures, 'attempt')}`} failed: ${error ?? ''}`,
        };
      const isPaused = endpoint.disabled_reason === 'manual';
      return isPaused
        ? { id, url, link, why, urgency: 1, tone: 'held', word: 'Paused' }
        : { id, url, link, why, urgency: 4, tone: 'failed', word: 'Disabled' };
    }),
    ...(data?.data ?? []).flatMap((mailbox): Item[] => {
      const link = { to: '/mailboxes/$id', params: { id: mailbox.id } } as const;
      const { status } = mailbox;
      if (status !== 'connected' && status !== 'connecting') {
        const [urgency, tone, word] = mailboxProblems[status];
        return [
          {
            id: mailbox.id,
            urgency,
            tone,
            word,
            name: mailbox.email,
            why: mailbox.status_reason ?? 'It sends nothing.',
            link,
          },
        ];
      }
      const { band, score } = mailbox.health;
      if (band === null || band === 'healthy') return [];
      return [
        {
          id: mailbox.id,
          urgency: band === 'watch' ? 1 : 3,
          tone: band === 'watch' ? 'watch' : 'failed',
          word: band === 'watch' ? 'Watch' : band === 'quarantine' ? 'Quarantine' : 'Blocked',
          name: mailbox.email,
          why: score === null ? bandReasons[band] : `Health ${score}. ${bandReasons[band]}`,
          link,
        },
      ];
    }),
  ].toSorted((a, b) => b.urgency - a.urgency);
  return (
    <Region flush title="Needs attention" aside={items.length === 0 ? undefined : `${items.length}, most urgent first`}>
      {isKnown && items.length === 0 ? <p className="empty muted">Nothing needs you now.</p> : null}
      <ul className="list ruled-top att">
        {items.slice(0, 8).map(({ id, tone, word, url, name, why, link }) => (
          <li key={id}>
            <Status tone={tone} pill>
              {word}
            </Status>
            <div className="grow">
              <div className="medium trunc">{url === undefined ? <bdi>{name}</bdi> : <Url url={url} />}</div>
              <div className="small muted trunc" title={why}>
                {why}
              </div>
            </div>
            <LinkButton size="sm" {...link}>
              Open
            </LinkButton>
          </li>
        ))}
      </ul>
    </Region>
  );
}
