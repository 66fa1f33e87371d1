import assert from 'node:assert/strict';
import { test } from 'node:test';
import { folded } from './folding.ts';
import { searchPattern } from './search-text.ts';

test('texts that people consider equal fold to the same text', () => {
  for (const [one, ...others] of [
    ['alvarez', 'Álvarez', 'ÁLVAREZ', 'A\u0301lvarez', 'Ａｌｖａｒｅｚ'],
    ['jose', 'José', 'Jose\u0301'],
    ["o'brien", 'O’Brien', 'O‘Brien', 'OʼBrien', 'O´Brien', 'O`Brien', 'O′Brien', 'O＇Brien'],
    ['strasse', 'Straße', 'STRASSE', 'STRAẞE'],
    ['lodz', 'Łódź', 'ŁÓDŹ'],
    ['sorensen', 'Sørensen', 'SØRENSEN'],
    ['dordevic', 'Đorđević'],
    ['aether', 'Æther', 'æther'],
    ['oeuvre', 'Œuvre'],
    ['isik', 'Işık', 'IŞIK', 'ışık', 'İsik'],
    ['thor', 'Þór'],
    ['nguyen', 'Nguyễn'],
    ['οδυσσευσ', 'Οδυσσεύς', 'ΟΔΥΣΣΕΎΣ'],
    ['кафе', 'Кафе', 'КАФЕ\u0301'],
    ['office', 'oﬃce'],
    ['カナ', 'ｶﾅ'],
    ['a-b', 'a‑b', 'a–b', 'a—b', 'a−b'],
    ['ab', 'a\u00adb', 'a\u200bb', '\ufeffab'],
    ['a b', 'a\u00a0b', 'a\u3000b'],
    ['+442079460018', '+44 20 7946 0018', '+44 (0)20 7946-0018', '+44.20.7946.0018', '＋４４ ２０ ７９４６ ００１８'],
    ['02079460018', '(020) 7946 0018', '020/79460018'],
  ])
    for (const other of others) assert.equal(folded(other), one, other);
});

test('different letters stay different, and line breaks are kept', () => {
  assert.notEqual(folded('か'), folded('が'));
  assert.notEqual(folded('कि'), folded('क'));
  assert.equal(folded('a1\n2b'), 'a1\n2b');
  assert.equal(folded('É\nÀ'), 'e\na');
});

test('folding a folded text changes nothing', () => {
  for (const text of ['Łódź Straße ẞ O’Brien ＡＢ', '+44 (0)20 7946-0018', 'ﬃ℡İıſŉ', '《》（1）2'].map(folded))
    assert.equal(folded(text), text);
});

test('a pattern has each word once, ordered by how well an index finds it', () => {
  assert.deepEqual(searchPattern(' Ada  LOVELACE, ada 1%'), {
    first: '%lovelace%',
    second: '%ada%',
    all: ['%lovelace%', '%ada%', String.raw`%1\%%`],
  });
  assert.deepEqual(searchPattern('a.b.c.d abc'), { first: '%abc%', second: '%a.b.c.d%', all: ['%abc%', '%a.b.c.d%'] });
  assert.deepEqual(searchPattern('engine engines'), { first: '%engines%', second: null, all: ['%engines%'] });
  for (const text of ['', '  ', ' , ;', '\u0301', '\u200b'])
    assert.equal(searchPattern(text), undefined, JSON.stringify(text));
});

test('a phone number is searched without its country code, so it is found however it is stored', () => {
  for (const [first, ...phones] of [
    [
      '%2079460018%',
      '+44 20 7946 0018',
      '0044 20 7946 0018',
      '+44 (0)20 7946-0018',
      '+44 020 7946 0018',
      '020 7946 0018',
      '20 7946 0018',
    ],
    ['%4155552671%', '+1 (415) 555-2671', '001 415 555 2671', '415-555-2671'],
    ['%61234567%', '+39 06 1234567', '06 1234567'],
    ['%12345678%', '+353 1 234 5678', '01 234 5678'],
    // Without + or 00 there is no country code to remove.
    ['%442079460018%', '44 20 7946 0018'],
    // Too short without the country code.
    ['%37812345%', '+378 12345'],
  ])
    for (const phone of phones) assert.equal(searchPattern(phone)?.first, first, phone);
});
