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
            <Link to="/settings/docs" className="medium">
              Docs
            </Link>
            <div className="small muted">
              Your first verified webhook, and the references of the native API and each vendor's.
            </div>
          </div>
        </li>
      </ul>
    </>
  );
}
