import type { TimelineEntry } from '@outrider/sdk';
import { api } from '../../app/api.ts';
import { useCursorList } from '../../app/cursor-list.ts';
import { Button } from '../../components/button.tsx';
import { sentence } from '../../components/format.ts';
import { ListProblem } from '../../components/list.tsx';
import { ToneShape } from '../../components/status.tsx';
import type { Tone } from '../../components/status.tsx';
import { Time } from '../../components/value.tsx';
import { summaryOf } from './words.ts';

const tones: Readonly<Record<TimelineEntry['type'], Tone>> = {
  contact_created: 'off',
  activity: 'pending',
  message: 'ok',
  meeting: 'ok',
  lead: 'pending',
  suppression: 'failed',
  suppression_lifted: 'off',
  topic_left: 'held',
  merged: 'off',
  unmerged: 'off',
};

/** All that happened with a contact, newest first. */
export function Timeline({ contactId }: { readonly contactId: string }) {
  const list = useCursorList(['contacts', 'timeline', contactId], (page, signal) =>
    api.contacts.listTimeline(contactId, { ...page, limit: 25 }, { signal }).page(),
  );
  return (
    <>
      <ListProblem list={list} />
      <ul className="timeline">
        {list.rows.map((entry) => {
          const [word, detail] = wordsOf(entry);
          return (
            <li key={`${entry.type} ${entry.id}`}>
              <span className="mk">
                <ToneShape tone={tones[entry.type]} />
              </span>
              <div className="t">
                <span className="medium">{word}</span>
                <Time at={entry.at} />
              </div>
              {detail === '' ? null : (
                <p className="small muted trunc" title={detail}>
                  <bdi>{detail}</bdi>
                </p>
              )}
            </li>
          );
        })}
      </ul>
      {list.rows.length === 0 && !list.waits ? <p className="muted">Nothing happened yet.</p> : null}
      {list.hasMore ? (
        <div className="row">
          <Button size="sm" busy={list.loadsMore} onClick={list.more}>
            Show earlier
          </Button>
        </div>
      ) : null}
    </>
  );
}

function wordsOf({ type, data }: TimelineEntry): readonly [string, string] {
  const text = (name: string): string => (typeof data[name] === 'string' ? data[name] : '');
  switch (type) {
    case 'activity': {
      const metadata = data['metadata'];
      return [
        sentence(text('activity_type') || 'activity'),
        typeof metadata === 'object' && metadata !== null ? summaryOf(metadata as Record<string, unknown>) : '',
      ];
    }
    case 'message':
      return [
        text('direction') === 'inbound' ? 'Reply received' : 'Email',
        [text('subject'), text('status')].filter(Boolean).join(' – '),
      ];
    case 'suppression':
      return ['Suppressed', [text('reason'), text('email') || text('domain')].filter(Boolean).join(' – ')];
    case 'lead':
      return ['Campaign', [text('campaign_name'), text('status')].filter(Boolean).join(' – ')];
    case 'topic_left':
      return ['Left a topic', text('name') || text('topic_name')];
    case 'contact_created':
    case 'meeting':
    case 'suppression_lifted':
    case 'merged':
    case 'unmerged':
      return [sentence(type), ['title', 'email', 'reason'].map(text).filter(Boolean).join(' – ')];
  }
}
