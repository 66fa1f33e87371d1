#!/usr/bin/env node
// The launcher. Outrider needs Node 22.19 (undici asks for it) and many machines ship an older one, so the package brings Node 24 along
// as an optional dependency and this file, which any Node from 18 on can read, hands over to it.
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { Socket } from 'node:net';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const leash = 'OUTRIDER_LAUNCHER_FD';
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const root = dirname(dirname(realpathSync(fileURLToPath(import.meta.url))));

if (major >= 24 || (major === 22 && minor >= 19)) {
  if (process.env[leash] !== undefined) dieWithLauncher(Number(process.env[leash]));
  // Halves the start (0.25 s → 0.12 s); where the folder cannot be written Node goes on without.
  module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE ?? join(root, 'node_modules', '.cache', 'node-compile-cache'));
  // A checkout runs its sources even when it was built once; the published package has no sources.
  const source = join(root, 'src', 'main.ts');
  await import(pathToFileURL(existsSync(source) ? source : join(root, 'dist', 'main.js')).href);
} else {
  const node = bundledNode();
  if (node === undefined) {
    console.error(`outrider needs Node 22.19 or 24; this is ${process.version}, and no node-${platformName()} package is installed for it.`);
    process.exitCode = 1;
  } else {
    handOver(node);
  }
}

function platformName() {
  return `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
}

function bundledNode() {
  const name = `node-${platformName()}`;
  try {
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
    const binary = join(dirname(manifest), 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    return existsSync(binary) ? binary : undefined;
  } catch {
    return undefined;
  }
}

/** Runs this same file on another Node and becomes its shadow: same streams, same signals, same end. */
function handOver(node) {
  const child = spawn(node, [...process.execArgv, fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    // The fourth stream carries nothing: the child sees it close when this process is killed outright, and stops too.
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    env: { ...process.env, [leash]: '3' },
  });
  // A terminal sends these to the whole foreground group, the child included; passing them on would deliver them twice.
  const onTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT']) {
    if (process.platform === 'win32' && signal !== 'SIGINT') continue;
    process.on(signal, () => {
      if (onTerminal && signal !== 'SIGTERM') return;
      child.kill(signal);
    });
  }
  child.on('error', (error) => {
    console.error(`outrider cannot start ${node}: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
    // A signal that does not end this process (ignored by a parent such as nohup) must still not look like success.
    setTimeout(() => process.exit(128 + constants.signals[signal]), 100);
  });
}

function dieWithLauncher(fd) {
  delete process.env[leash];
  const stream = new Socket({ fd });
  stream.on('close', () => process.kill(process.pid, 'SIGTERM'));
  stream.on('error', () => stream.destroy());
  stream.resume();
  stream.unref();
}
