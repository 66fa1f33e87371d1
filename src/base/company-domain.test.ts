import assert from 'node:assert/strict';
import { test } from 'node:test';
import { companyDomainOf, excludedDomainOf } from './company-domain.ts';

test('a domain of a company is read as people write it; addresses, ports and other text are none', () => {
  for (const text of [
    'lovelace.example',
    ' HTTPS://Lovelace.example/a?b#c',
    'www.lovelace.example.',
    '@lovelace.example',
    '*.lovelace.example',
    '.lovelace.example',
    'lovelace.example/',
  ])
    assert.equal(companyDomainOf(text), 'lovelace.example', text);
  assert.equal(companyDomainOf('www.bücher.example'), 'xn--bcher-kva.example');
  assert.equal(companyDomainOf('www.co.uk'), 'www.co.uk', 'its parent is everybody');
  assert.equal(companyDomainOf('www.com'), 'www.com');
  for (const text of [
    '',
    'nope',
    'nope domain',
    'boss@lovelace.example',
    'lovelace.example:8443',
    '10.0.0.1',
    '[::1]',
    'https://',
    'a*.example',
    'ftp://lovelace.example',
    '**.lovelace.example',
    'com',
  ])
    assert.equal(companyDomainOf(text), undefined, text);
});

test('an exclusion can be a top-level domain', () => {
  for (const text of ['gov', '.GOV', '*.gov']) assert.equal(excludedDomainOf(text), 'gov');
  assert.equal(excludedDomainOf('.co.uk'), 'co.uk');
  assert.equal(excludedDomainOf('www.gmail.com'), 'gmail.com');
  assert.equal(excludedDomainOf('nope'), undefined);
  assert.equal(excludedDomainOf('boss@lovelace.example'), undefined);
});
