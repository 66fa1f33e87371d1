import { Link } from '@tanstack/react-router';
import { useMay } from '../../app/session.ts';
import { LinkButton } from '../../components/button.tsx';
import { Icon } from '../../components/icon.tsx';
import { Columns, PageHead, Region } from '../../components/page.tsx';
import { Verify } from '../webhooks/verify.tsx';

const references = [
  ['outrider', 'Native API', 'Everything that the dashboard does. Also for integrations written for Defrost.'],
  ['foxreach', 'FoxReach', 'For integrations written for FoxReach.'],
  ['mailpanda', 'MailPanda', 'For integrations written for MailPanda.'],
  ['warmysender', 'WarmySender', 'For integrations written for WarmySender.'],
  ['driftwood', 'Driftwood', 'For integrations written for Driftwood.'],
] as const;

/** The way to a first verified webhook, and the references of the APIs. */
export function Docs() {
  const may = useMay();
  return (
    <>
      <PageHead title="Docs" />
      <Columns side={420}>
        <div>
          <Region
            title="Verify your first webhook"
            end={
              may('webhooks:write') ? (
                <LinkButton size="sm" to="/settings/api" search={{ create: 'endpoint' }}>
                  Add endpoint
                </LinkButton>
              ) : undefined
            }
          >
            <ol className="numbered">
              <li>
                Add an endpoint in <Link to="/settings/api">API &amp; webhooks</Link>, and store its signing secret as{' '}
                <code>OUTRIDER_SECRET</code> where your receiver runs. It is shown once.
              </li>
              <li>
                Verify the raw bytes of the body, before any parser, with the code below. It also refuses requests that
                are older than five minutes.
              </li>
              <li>
                Press “Test” at the endpoint. The answer of your receiver is shown at once; each{' '}
                <Link to="/deliveries">delivery</Link> has its request as curl, with the signature.
              </li>
              <li>
                Answer with 2xx first, then do the work. Anything else is tried again, so the same event can arrive
                twice: drop those whose <code>webhook-id</code> you have handled.
              </li>
            </ol>
          </Region>
          <Verify dialect="standard" />
        </div>
        <Region flush title="API references" aside="with a console">
          <ul className="list ruled-top">
            {references.map(([name, word, about]) => (
              <li key={name}>
                <Icon name="docs" />
                <div className="grow">
                  <a href={`/docs/api?urls.primaryName=${name}`} className="medium">
                    {word}
                  </a>
                  <div className="small muted">{about}</div>
                </div>
              </li>
            ))}
          </ul>
        </Region>
      </Columns>
    </>
  );
}
