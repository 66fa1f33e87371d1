import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bank, languages } from './bank/index.ts';
import { answer, letter } from './letter.ts';
import type { Writing } from './letter.ts';

const writing: Writing = {
  language: 'en',
  senderId: '0199c9f3-4c18-7a9b-8d27-5e0b6c3f8a30',
  senderName: 'Ada Lovelace',
  recipientName: 'Grace Hopper',
  number: 0,
};

test('letters are plain sentences without marks, links and placeholders', () => {
  for (const language of languages)
    for (let number = 0; number < 60; number += 1) {
      const one = { ...writing, language, number };
      const { subject, text } = letter(one);
      for (const part of [subject, text, answer(one, { senderId: 'other' })]) {
        assert.doesNotMatch(part, /[{}|<>@]|NAME|https?:|\bundefined\b| {2}/);
        assert.doesNotMatch(part, / [,.?!](?! ?…)(?<! [?!])/, part);
      }
      assert.ok(subject.length > 5 && subject.length <= 78, subject);
    }
});

test('a sender repeats no text in 3,000 letters, in any language', () => {
  for (const language of languages) {
    const texts = Array.from({ length: 3_000 }, (_, number) => letter({ ...writing, language, number }).text);
    assert.equal(new Set(texts).size, texts.length, language);
  }
});

test('of 3,000 letters of 100 senders, 99 % of the texts are unique', () => {
  const texts = Array.from({ length: 100 }, (_, sender) =>
    Array.from({ length: 30 }, (_letter, number) => {
      const { subject, text } = letter({ ...writing, senderId: `mailbox ${sender}`, number });
      return `${subject}\n${text}`;
    }),
  ).flat();
  assert.ok(new Set(texts).size >= 0.99 * texts.length, `${new Set(texts).size}`);
});

test('a sender greets and signs in the same way, and by name only people', () => {
  const one = letter(writing).text.split('\n');
  const other = letter({ ...writing, number: 7 }).text.split('\n');
  assert.deepEqual([one[0], one.slice(-2)], [other[0], other.slice(-2)]);
  assert.match(one[0] ?? '', /Grace/);
  assert.equal(one.at(-1), 'Ada');
  const team = letter({ ...writing, recipientName: 'ACME Sales', senderName: 'Support' }).text;
  assert.doesNotMatch(team, /ACME/);
  assert.match(team, /\nSupport$/);
});

test('an answer is about the topic of its letter', () => {
  const { topics } = bank.en;
  const used = new Set<string>();
  for (let number = 0; number < topics.length; number += 1) {
    const { text } = letter({ ...writing, number });
    const reply = answer({ ...writing, number }, { senderId: 'other' });
    assert.match(reply, /Ada/);
    assert.match(reply, /\nGrace$/);
    assert.notEqual(reply, text);
    used.add(reply);
  }
  assert.equal(used.size, topics.length);
});
