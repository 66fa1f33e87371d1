import { getRouteApi } from '@tanstack/react-router';
import { isMissing } from '../../app/api.ts';
import { NotFound } from '../../app/root.tsx';
import { PageHead } from '../../components/page.tsx';
import { EventDetail, useEvent } from './event-detail.tsx';

const route = getRouteApi('/frame/events/$id');

/** One event. */
export function EventPage() {
  const { id } = route.useParams();
  const { data, error } = useEvent(id);
  if (isMissing(error)) return <NotFound />;
  return (
    <>
      <PageHead
        title={data?.event ?? 'Event'}
        mono
        crumbs={[{ label: 'Events', link: { to: '/events' } }, { label: id }]}
      />
      <div className="region stack roomy detail">
        <EventDetail id={id} />
      </div>
    </>
  );
}
