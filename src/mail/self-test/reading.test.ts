import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rawMessage } from '../../../test/harness/imap-scene.ts';
import { parseMessage } from '../mime/index.ts';
import { readCopy } from './reading.ts';

async function copy(headers: Record<string, string>) {
  const message = await parseMessage(rawMessage({ From: 'ada@mail.lovelace.example', ...headers }));
  if ('skipped' in message) throw new Error(message.skipped);
  return readCopy(message, 'inbox', 'mail.lovelace.example', '<1@mail.lovelace.example>');
}

test('a copy shows the results of the receiving server and the signatures', async () => {
  const signature = (domain: string, signed: string): string =>
    `v=1; a=rsa-sha256; d=${domain};\r\n s=s1; h=${signed};\r\n bh=abc=; b=def=`;
  const {
    authentication,
    signatures,
    message_id: messageId,
  } = await copy({
    'Authentication-Results': 'mx.example;\r\n spf=pass smtp.mailfrom=x; dkim=pass header.d=y;\r\n dmarc=FAIL (p=none)',
    'DKIM-Signature': signature('lovelace.example', 'From:To:List-Unsubscribe:\r\n List-Unsubscribe-Post'),
    'DKIM-signature': signature('esp.example', 'from:to'),
    'Message-ID': '<other@provider.example>',
  });
  assert.deepEqual(authentication, { spf: 'pass', dkim: 'pass', dmarc: 'fail' });
  assert.deepEqual(signatures, [
    { domain: 'lovelace.example', selector: 's1', aligned: true, covers_list_unsubscribe: true },
    { domain: 'esp.example', selector: 's1', aligned: false, covers_list_unsubscribe: false },
  ]);
  assert.deepEqual(messageId, {
    sent: '<1@mail.lovelace.example>',
    received: '<other@provider.example>',
    rewritten: true,
  });
});

test('a copy without such headers shows that they are missing', async () => {
  assert.deepEqual(await copy({ 'Message-ID': '<1@mail.lovelace.example>', 'DKIM-Signature': 'nonsense' }), {
    folder: 'inbox',
    authentication: { spf: null, dkim: null, dmarc: null },
    signatures: [],
    message_id: { sent: '<1@mail.lovelace.example>', received: '<1@mail.lovelace.example>', rewritten: false },
  });
});
