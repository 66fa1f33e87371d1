import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { presetOfDomain, presetOfExchanger } from './providers.ts';

describe('the table of providers', () => {
  test('knows the large providers by their domains', () => {
    for (const [domain, host, hint] of [
      ['gmail.com', 'smtp.gmail.com', 'app_password'],
      ['googlemail.com', 'smtp.gmail.com', 'app_password'],
      ['outlook.com', 'smtp-mail.outlook.com', 'oauth'],
      ['hotmail.co.uk', 'smtp-mail.outlook.com', 'oauth'],
      ['live.no', 'smtp-mail.outlook.com', 'oauth'],
      ['icloud.com', 'smtp.mail.me.com', 'app_password'],
      ['yahoo.de', 'smtp.mail.yahoo.com', 'app_password'],
      ['yahoo.co.jp', 'smtp.mail.yahoo.co.jp', 'password'],
      ['aol.com', 'smtp.aol.com', 'app_password'],
      ['zoho.eu', 'smtp.zoho.eu', 'app_password'],
      ['fastmail.com', 'smtp.fastmail.com', 'app_password'],
      ['gmx.de', 'mail.gmx.net', 'password'],
      ['web.de', 'smtp.web.de', 'password'],
      ['t-online.de', 'securesmtp.t-online.de', 'app_password'],
      ['yandex.ru', 'smtp.yandex.com', 'app_password'],
    ] as const) {
      const preset = presetOfDomain(domain);
      assert.deepEqual([preset?.smtp.host, preset?.authHint], [host, hint], domain);
    }
  });

  test('a domain that only resembles one is unknown', () => {
    for (const domain of ['gmail.com.acme.test', 'mygmail.com', 'outlook.acme.com', 'live.acme.co', 'constructor'])
      assert.equal(presetOfDomain(domain), undefined, domain);
  });

  test('knows providers by the exchangers of their customers', () => {
    for (const [exchanger, host] of [
      ['ASPMX.L.GOOGLE.COM.', 'smtp.gmail.com'],
      ['smtp.google.com', 'smtp.gmail.com'],
      ['acme-com.mail.protection.outlook.com', 'smtp.office365.com'],
      ['acme-com.a-v1.mx.microsoft', 'smtp.office365.com'],
      ['hotmail-com.olc.protection.outlook.com', 'smtp-mail.outlook.com'],
      ['mta5.am0.yahoodns.net', 'smtp.mail.yahoo.com'],
      ['mx01.mail.icloud.com', 'smtp.mail.me.com'],
      ['mx2.zoho.eu', 'smtppro.zoho.eu'],
      ['in1-smtp.messagingengine.com', 'smtp.fastmail.com'],
      ['mx00.ionos.co.uk', 'smtp.ionos.co.uk'],
      ['mx01.kundenserver.de', 'smtp.ionos.de'],
      ['mx1.mail.ovh.net', 'smtp.mail.ovh.net'],
      ['mta-gw.infomaniak.ch', 'mail.infomaniak.com'],
    ] as const)
      assert.equal(presetOfExchanger(exchanger)?.smtp.host, host, exchanger);
    for (const exchanger of ['mail.acme.test', 'l.google.com.acme.test', 'evilgoogle.com', ''])
      assert.equal(presetOfExchanger(exchanger), undefined, exchanger);
  });
});
