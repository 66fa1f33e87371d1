import { compose } from '../src/app.ts';
import { readConfig } from '../src/base/config.ts';
import type { DialectName } from '../src/vendors/wires.ts';
import { masterKeyOf } from '../src/encryption/cipher.ts';

/** Returns the OpenAPI document that an installation with default settings serves. Opens no connection. */
export function openApiJson(vendor?: DialectName): string {
  const config = readConfig({ OUTRIDER_LOG_LEVEL: 'silent' });
  const app = compose({
    config,
    databaseUrl: 'postgres://localhost/none',
    masterKey: masterKeyOf(Buffer.alloc(32).toString('base64')),
  });
  return `${JSON.stringify(app.document(vendor), null, 2)}\n`;
}
