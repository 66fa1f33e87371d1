import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface SmtpServer {
  /** Contains the user and password. */
  readonly url: string;
  /** The accepted mails. */
  readonly mails: { readonly to: string[]; readonly text: string }[];
  tries(): number;
  close(): Promise<void>;
}

/** Starts an SMTP server on loopback that records mails; `refuse` decides about each mail. */
export async function startSmtp(refuse: (count: number) => boolean = () => false): Promise<SmtpServer> {
  const mails: SmtpServer['mails'] = [];
  let tries = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onAuth: (auth, _session, callback) =>
      callback(auth.username === 'user' && auth.password === 'p@ss word' ? null : new Error('no'), { user: 'user' }),
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        tries += 1;
        if (refuse(tries)) return callback(Object.assign(new Error('4.3.2 not now'), { responseCode: 451 }));
        mails.push({
          to: session.envelope.rcptTo.map(({ address }) => address),
          text: Buffer.concat(chunks).toString(),
        });
        callback();
      });
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://user:p%40ss%20word@127.0.0.1:${port}`,
    mails,
    tries: () => tries,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
