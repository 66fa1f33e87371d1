import '../../styles/pages-sign-in.css';
import { useEffect } from 'react';
import type { ReactNode } from 'react';
import { Mark } from '../../components/icon.tsx';

/** The page around sign-in, setup and invitations. */
export function Gate({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Outrider`;
  }, [title]);
  return (
    <div className="gate">
      <div className="gatebar">
        <Mark size={26} />
        <span>Outrider</span>
        <span className="mono small">{location.host}</span>
      </div>
      <main className="gatebox">
        <h1>{title}</h1>
        {children}
      </main>
      <footer className="small muted">
        <a href="/docs/api">API reference</a>
      </footer>
    </div>
  );
}
