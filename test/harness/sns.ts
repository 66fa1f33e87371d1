/** A server that stands for Amazon SNS: it has the certificate of what it signs, and confirms subscriptions. */
import { sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generate } from 'selfsigned';

export interface Sns {
  readonly origin: string;
  /** Paths that were asked for. */
  readonly asked: string[];
  /** A message as SNS posts it. */
  signed(message: Readonly<Record<string, string>>, version?: '1' | '2'): string;
  close(): Promise<void>;
}

const certificatePath = '/SimpleNotificationService-1.pem';

export async function startSns(): Promise<Sns> {
  const pair = await generate([{ name: 'commonName', value: 'sns.amazonaws.com' }], {
    keyType: 'rsa',
    keySize: 2048,
    algorithm: 'sha256',
    notBeforeDate: new Date('2020-01-01T00:00:00Z'),
    notAfterDate: new Date('2036-01-01T00:00:00Z'),
  });
  const asked: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    asked.push(url);
    response.end(url === certificatePath ? pair.cert : '<ConfirmSubscriptionResponse/>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    signed(message, version = '2') {
      const text = ['Message', 'MessageId', 'Subject', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type']
        .flatMap((name) => (message[name] === undefined ? [] : [`${name}\n${message[name]}\n`]))
        .join('');
      return JSON.stringify({
        ...message,
        SignatureVersion: version,
        Signature: sign(version === '1' ? 'sha1' : 'sha256', Buffer.from(text), pair.private).toString('base64'),
        SigningCertURL: `https://sns.eu-west-1.amazonaws.com${certificatePath}`,
      });
    },
    async close() {
      server.close();
      await once(server, 'close');
    },
  };
}
