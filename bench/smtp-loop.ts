/** Sends one message again and again with nodemailer's bare smtp-connection: what the machine and the library can do without a product. */
import SMTPConnection from 'nodemailer/lib/smtp-connection';

export interface LoopOrder {
  readonly port: number;
  /** PEM of the authority that signed the server's certificate. */
  readonly ca: string;
  readonly connections: number;
  readonly count: number;
  /** In base64. */
  readonly raw: string;
}

async function run({ port, ca, connections, count, raw }: LoopOrder): Promise<number> {
  const message = Buffer.from(raw, 'base64');
  let next = 0;
  const sender = async (index: number): Promise<void> => {
    const client = new SMTPConnection({ host: 'localhost', port, secure: true, tls: { ca } });
    const failed = Promise.withResolvers<never>();
    client.on('error', failed.reject);
    const done = (start: (done: (error?: Error | null) => void) => void): Promise<void> =>
      Promise.race([
        new Promise<void>((resolve, reject) => start((error) => (error ? reject(error) : resolve()))),
        failed.promise,
      ]);
    await done((end) => client.connect(end));
    await done((end) => client.login({ credentials: { user: `sender${index}@bench.test`, pass: 'secret' } }, end));
    while (next < count) {
      const number = next++;
      const envelope = { from: `sender${index}@bench.test`, to: `r${number}@d${number}.test`, size: message.length };
      await done((end) => client.send(envelope, message, end));
    }
    client.quit();
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: connections }, (_, index) => sender(index)));
  return (performance.now() - began) / 1_000;
}

process.on('message', (order: LoopOrder) => void run(order).then((seconds) => process.send?.({ seconds })));
process.on('disconnect', () => process.exit(0));
