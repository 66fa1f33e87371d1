import { z } from 'zod';
import { builtIn, by, byExample, example, id, moment, text } from './built-in.ts';

const key = z.object({
  id: id('key'),
  name: text,
  prefix: text.describe('The first characters of the key.'),
  scopes: z.array(text),
  created_by: text.nullable().describe('Id of the key that created it.'),
  workspace_id: text.nullable(),
  sandbox: z.boolean(),
  expires_at: moment.nullable(),
  last_used_at: moment.nullable(),
  revoked_at: moment.nullable(),
  created_at: moment,
  ...by,
});
const keyExample = {
  id: example.key,
  name: 'billing service',
  prefix: 'otr_live_k3v7q2xn_4fXq',
  scopes: ['events:write'],
  created_by: null,
  workspace_id: null,
  sandbox: false,
  expires_at: null,
  last_used_at: null,
  revoked_at: null,
  created_at: example.at,
  ...byExample,
};

/** Emitted for changes over the API only; the command line works without the engine and emits nothing. */
export const keys = {
  'key.created': builtIn('An API key was created.', key, keyExample),
  'key.revoked': builtIn('An API key was revoked, directly or together with the key that created it.', key, {
    ...keyExample,
    revoked_at: example.later,
  }),
};
