import { useQuery } from '@tanstack/react-query';
import { LinkButton } from '../../components/button.tsx';
import { counted } from '../../components/format.ts';
import { Region } from '../../components/page.tsx';
import { Status } from '../../components/status.tsx';
import type { Tone } from '../../components/status.tsx';
import { Url } from '../../components/value.tsx';
import { api } from '../../app/api.ts';
import { useMay } from '../../app/session.ts';
import { whyDisabled } from '../webhooks/words.ts';
import type { Watched } from './overview.tsx';

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

/** What a person has to look at, the most urgent first. */
export function Attention({ watched }: { readonly watched: readonly Watched[] }) {
  const may = useMay()('mailboxes:read');
  const { data } = useQuery({
    queryKey: ['mailboxes', 'overview'],
    queryFn: ({ signal }) => api.mailboxes.list({ page_size: 100 }, { signal }).page(),
    enabled: may,
  });
  const items: Item[] = [
    ...watched.flatMap(({ endpoint, stats }): Item[] => {
      const link = { to: '/webhooks/$id', params: { id: endpoint.id } } as const;
      const held = stats?.held ?? 0;
      const why = whyDisabled(endpoint);
      const about = { id: endpoint.id, url: endpoint.target_url, link };
      if (why !== undefined) {
        const urgent = endpoint.disabled_reason === 'exhausted' || endpoint.disabled_reason === 'gone';
        return [
          {
            ...about,
            urgency: urgent ? 4 : 1,
            tone: urgent ? 'failed' : 'held',
            word: urgent ? 'Disabled' : 'Paused',
            why: `${held === 0 ? '' : `${counted(held, 'delivery', 'deliveries')} held. `}${why}`,
          },
        ];
      }
      const failures = stats?.health.consecutive_failures ?? 0;
      return failures === 0
        ? []
        : [
            {
              ...about,
              urgency: 3,
              tone: 'failed',
              word: 'Failing',
              why: `The last ${counted(failures, 'attempt')} failed: ${stats?.health.last_error ?? ''}`,
            },
          ];
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
          why: `Health ${score ?? 'unknown'}`,
          link,
        },
      ];
    }),
  ].toSorted((a, b) => b.urgency - a.urgency);
  return (
    <Region flush title="Needs attention" aside={items.length === 0 ? undefined : `${items.length}, most urgent first`}>
      {items.length === 0 ? <p className="empty muted">Nothing needs you now.</p> : null}
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
