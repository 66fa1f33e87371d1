import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { alternatives, validationMessages } from './validation-messages.ts';

const messageFor = (schema: z.ZodType, value: unknown): string | undefined =>
  schema.safeParse(value, { error: validationMessages }).error?.issues[0]?.message;

const either = z.discriminatedUnion('kind', [z.object({ kind: z.literal('a') }), z.object({ kind: z.literal('b') })]);

test('each message continues the name of its field', () => {
  const cases: readonly (readonly [z.ZodType, unknown, string])[] = [
    [z.string(), undefined, 'is required'],
    [z.enum(['a', 'b']), undefined, 'is required'],
    [z.string(), 7, 'must be a string'],
    [z.int(), 1.5, 'must be an integer'],
    [z.coerce.number().int(), 'many', 'must be a number'],
    [z.boolean(), 'yes', 'must be true or false'],
    [z.array(z.string()), {}, 'must be an array'],
    [z.strictObject({}), [], 'must be an object'],
    [z.record(z.string(), z.string()), 'x', 'must be an object'],
    [z.null(), 1, 'must be null'],
    [z.literal('a'), 'b', 'must be "a"'],
    [z.enum(['a', 'b', 'c']), 'd', 'must be "a", "b" or "c"'],
    [z.string().min(1), '', 'must have at least 1 character'],
    [z.string().max(3), 'long', 'must have at most 3 characters'],
    [z.string().length(2), 'x', 'must have exactly 2 characters'],
    [z.array(z.string()).min(1), [], 'must have at least 1 item'],
    [z.array(z.string()).max(0), ['x'], 'must have at most 0 items'],
    [z.int().min(1), 0, 'must be at least 1'],
    [z.int().max(100), 101, 'must be at most 100'],
    [z.number().positive(), 0, 'must be more than 0'],
    [z.number().lt(5), 5, 'must be less than 5'],
    [z.number().multipleOf(5), 6, 'must be a multiple of 5'],
    [z.iso.datetime({ offset: true }), 'yesterday', 'must be a date and time such as 2026-01-05T09:00:00Z'],
    [
      z.iso.datetime({ offset: true }),
      '2026-01-05T09:00:00 02:00',
      'must be a date and time such as 2026-01-05T09:00:00Z; the + of its offset arrived as a space: in a query, write it as %2B',
    ],
    [z.iso.date(), '5.1.2026', 'must be a date such as 2026-01-05'],
    [z.uuid(), 'x', 'must be a UUID'],
    [z.string().startsWith('whsec_'), 'x', 'must start with "whsec_"'],
    [z.string().regex(/^a$/), 'b', 'has the wrong format'],
    [z.string().regex(/^a$/, 'must be an a'), 'b', 'must be an a'],
    [z.string().refine(() => false), 'b', 'is not valid'],
    [either, { kind: 'c' }, 'must be "a" or "b"'],
    [either, {}, 'must be "a" or "b"'],
    [z.union([z.string(), z.number()]), true, 'is not valid'],
  ];
  for (const [schema, value, message] of cases) assert.equal(messageFor(schema, value), message);
});

test('alternatives are joined into a list for a sentence', () => {
  assert.deepEqual([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(alternatives), ['', 'a', 'a or b', 'a, b or c']);
});
