// npm 10 removes `node_modules/.bin/node` when it drops the Node package of another platform, which has a bin of the same name; npm 11 does not.
// Every npm script needs that link to run on Node 24, so `prepare` restores it. Plain JavaScript, because an older Node may run it.
import { existsSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundledNode } from '../bin/bundled-node.mjs';

const node = bundledNode();
const link = join(dirname(dirname(fileURLToPath(import.meta.url))), 'node_modules', '.bin', 'node');
if (node !== undefined && process.platform !== 'win32' && existsSync(dirname(link)) && !existsSync(link))
  symlinkSync(relative(dirname(link), node), link);
