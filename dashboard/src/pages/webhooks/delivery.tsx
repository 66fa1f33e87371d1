import { getRouteApi } from '@tanstack/react-router';
import { PageHead } from '../../components/page.tsx';
import { Status } from '../../components/status.tsx';
import { CopyButton } from '../../components/copy.tsx';
import { NotFound } from '../../app/root.tsx';
import { isMissing } from '../../app/api.ts';
import { DeliveryDetail, DeliveryNote, RetryButton, useDelivery } from './delivery-detail.tsx';
import { stateOf } from './words.ts';

const route = getRouteApi('/frame/deliveries/$id');

/** One delivery: what was sent, what was answered, and why it failed. */
export function DeliveryPage() {
  const { id } = route.useParams();
  const { data, error } = useDelivery(id);
  if (isMissing(error)) return <NotFound />;
  const [tone, word] = data === undefined ? [] : stateOf(data);
  return (
    <>
      <PageHead
        title={data?.event ?? 'Delivery'}
        mono
        crumbs={[{ label: 'Deliveries', link: { to: '/deliveries' } }, { label: id }]}
        state={
          tone === undefined ? undefined : (
            <Status tone={tone} pill>
              {word}
            </Status>
          )
        }
        actions={data === undefined ? undefined : <RetryButton delivery={data} />}
      >
        <span className="row mono">
          {id} <CopyButton text={id} label="Copy id" />
        </span>
      </PageHead>
      {data === undefined ? null : <DeliveryNote delivery={data} />}
      <DeliveryDetail id={id} />
    </>
  );
}
