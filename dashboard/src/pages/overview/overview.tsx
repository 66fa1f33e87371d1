import { useSession } from '../../app/session.ts';
import { PageHead } from '../../components/page.tsx';

/** What happens now, and what needs a person first. */
export function Overview() {
  const { organization } = useSession();
  return (
    <PageHead title="Overview">
      <span>{organization.slug}</span>
    </PageHead>
  );
}
