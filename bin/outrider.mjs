#!/usr/bin/env node
// The launcher. Outrider requires Node 22.19 (because of undici), but many machines have an older version. The package therefore includes
// Node 24 as an optional dependency, and this file, which runs on Node 18 and newer, starts it.
//
// `--max-semi-space-size=16` (MB; also in package.json and the Dockerfile, which also start the product): on machines with much memory, Node collects its youngest objects
// only when they fill 128 MB. With 32 MB the server takes 120 MB less at its peak and no more CPU (bench: cost).
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import module from 'node:module';
import { Socket } from 'node:net';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundledNode, platformName } from './bundled-node.mjs';

const leash = 'OUTRIDER_LAUNCHER_FD';
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const root = dirname(dirname(realpathSync(fileURLToPath(import.meta.url))));

if (process.env[leash] !== undefined) endWithLauncher(Number(process.env[leash]));
else if (process.env.npm_lifecycle_event !== undefined) endWithNpm();

if (major >= 24 || (major === 22 && minor >= 19)) {
  // Shortens the start from 0.25 to 0.12 s; if the folder is not writable, Node continues without the cache.
  module.enableCompileCache(
    process.env.NODE_COMPILE_CACHE ?? join(root, 'node_modules', '.cache', 'node-compile-cache'),
  );
  // A checkout runs its sources, even after a build; the published package has no sources.
  const source = join(root, 'src', 'main.ts');
  await import(pathToFileURL(existsSync(source) ? source : join(root, 'dist', 'main.js')).href);
} else {
  const node = bundledNode();
  if (node === undefined) {
    console.error(
      `outrider needs Node 22.19 or 24; this is ${process.version}, and the package node-${platformName}, which would bring one, is not installed.`,
    );
    process.exitCode = 1;
  } else {
    handOver(node);
  }
}

/** Runs this same file on another Node and becomes its shadow: same streams, same signals, same end. */
function handOver(node) {
  // Handlers come before the child: on a busy machine it can run, and a signal arrive here, before `spawn` returns.
  // A terminal sends its signals to the whole foreground group, the child included; passing them on would deliver them twice.
  const onTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT']) {
    if (process.platform === 'win32' && signal !== 'SIGINT') continue;
    process.on(signal, () => {
      if (!onTerminal || signal === 'SIGTERM') child.kill(signal);
    });
  }
  const child = spawn(
    node,
    ['--max-semi-space-size=16', ...process.execArgv, fileURLToPath(import.meta.url), ...process.argv.slice(2)],
    {
      // The fourth stream carries nothing: the child sees it close when this process is killed outright, and stops too.
      stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
      env: { ...process.env, [leash]: '3' },
    },
  );
  child.on('error', (error) => {
    console.error(`outrider cannot start ${node}: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
    // Where the signal is ignored (nohup), the end must still not look like success.
    setTimeout(() => process.exit(128 + constants.signals[signal]), 100);
  });
}

function endWithLauncher(fd) {
  delete process.env[leash];
  const stream = new Socket({ fd });
  stream.on('error', () => stream.destroy());
  stream.on('close', () => process.kill(process.pid, 'SIGTERM'));
  stream.resume();
  stream.unref();
}

/** npm forwards SIGTERM, but if npm is killed with SIGKILL, the server would keep running without a parent. */
function endWithNpm() {
  const npm = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === npm) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 500);
  watch.unref();
}
