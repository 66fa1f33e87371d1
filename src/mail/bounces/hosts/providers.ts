import { cable } from './cable.ts';
import { google } from './google.ts';
import { docomo, kddi } from './japan.ts';
import { microsoft } from './microsoft.ts';
import { mimecast } from './mimecast.ts';
import { orange } from './orange.ts';
import { apple, barracuda, facebook, iua, messagelabs, zoho } from './others.ts';
import type { Provider } from './provider.ts';
import { secureserver } from './secureserver.ts';
import { tencent } from './tencent.ts';
import { yahoo } from './yahoo.ts';

/** The first whose host or signature matches is asked. */
export const providers: readonly Provider[] = [
  google,
  microsoft,
  yahoo,
  orange,
  secureserver,
  cable,
  docomo,
  kddi,
  tencent,
  mimecast,
  apple,
  facebook,
  zoho,
  iua,
  messagelabs,
  barracuda,
];
