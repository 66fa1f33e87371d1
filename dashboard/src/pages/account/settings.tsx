import { Link } from '@tanstack/react-router';
import { Icon } from '../../components/icon.tsx';
import { settings } from '../../app/navigation.ts';
import { PageHead } from '../../components/page.tsx';
import { useVisible } from '../../app/session.ts';

/** The settings. */
export function Settings() {
  return (
    <>
      <PageHead title="Settings" />
      <ul className="list ruled-top">
        {settings.filter(useVisible()).map(({ to, icon, title, about }) => (
          <li key={to}>
            <Icon name={icon} />
            <div className="grow">
              <Link to={to} className="medium">
                {title}
              </Link>
              <div className="small muted">{about}</div>
            </div>
          </li>
        ))}
        <li>
          <Icon name="docs" />
          <div className="grow">
            <a href="/docs/api" className="medium">
              API reference
            </a>
            <div className="small muted">The native API and each vendor's, with a console.</div>
          </div>
        </li>
      </ul>
    </>
  );
}
