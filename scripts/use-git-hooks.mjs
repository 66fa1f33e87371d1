// Points git at `.githooks`, so that installing in a clone switches the hooks on; a path that somebody set is kept. Run by `prepare`.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const cwd = fileURLToPath(new URL('..', import.meta.url));
const config = (...parameters) => spawnSync('git', ['config', '--local', ...parameters], { cwd, stdio: 'ignore' });

// In an unpacked archive inside another repository, git would configure that one.
if (existsSync(new URL('../.git', import.meta.url)) && config('core.hooksPath').status === 1)
  config('core.hooksPath', '.githooks');
