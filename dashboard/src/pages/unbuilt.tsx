import { PageHead } from '../components/page.tsx';

/** A page that is being built. */
export const Unbuilt = () => <PageHead title="Not built yet" />;
