import type { MailboxCheckStage } from '@outrider/sdk';
import { Note } from '../../../components/page.tsx';
import { Status } from '../../../components/status.tsx';

const words: Readonly<Record<MailboxCheckStage['stage'], string>> = {
  dns: 'Name found',
  tcp: 'Server reached',
  tls: 'Encrypted',
  greeting: 'Server greets',
  auth: 'Signed in',
  capabilities: 'Capabilities',
  sender: 'May send as the address',
  folders: 'Folders read',
};

/** A test of a connection, stage by stage, up to the first failure of each server. */
export function Stages({
  stages,
  warnings,
  ok,
}: {
  readonly stages: readonly MailboxCheckStage[];
  readonly warnings: readonly string[];
  readonly ok: boolean;
}) {
  return (
    <div className="stack roomy" role="status">
      {(['smtp', 'imap'] as const).map((protocol) => {
        const own = stages.filter((each) => each.protocol === protocol);
        if (own.length === 0) return null;
        return (
          <section key={protocol} className="stages">
            <h3>{protocol === 'smtp' ? 'Sending (SMTP)' : 'Reading (IMAP)'}</h3>
            <ol>
              {own.map((each) => (
                <li key={each.stage}>
                  <Status tone={each.ok ? 'ok' : 'failed'}>{words[each.stage]}</Status>
                  <span className="small muted">
                    {each.message}
                    {each.server_said === undefined ? null : (
                      <span className="mono said">
                        <bdi>{each.server_said}</bdi>
                      </span>
                    )}
                  </span>
                </li>
              ))}
            </ol>
          </section>
        );
      })}
      {stages.length === 0 && ok ? <Status tone="ok">Works: nothing had to be connected</Status> : null}
      {warnings.map((each) => (
        <Note key={each} tone="watch" boxed>
          {each}
        </Note>
      ))}
    </div>
  );
}
