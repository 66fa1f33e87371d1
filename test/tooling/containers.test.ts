import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { composeFaults } from '../../scripts/compose.ts';
import { dockerfileFaults, parseDockerfile } from '../../scripts/dockerfile.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const dockerfile = read('Dockerfile');
const compose = read('compose.yaml');
const context = { has: (path: string) => path !== 'missing', port: 8080 };
const expected = {
  settings: ['DATABASE_URL', 'OUTRIDER_MASTER_KEY', 'OUTRIDER_PUBLIC_URL', 'OUTRIDER_SMTP_URL'],
  port: 8080,
  shutdownSeconds: 20,
  postgres: 18,
};

/** Replaces `from` in the text. @throws AssertionError when the text does not change. */
function changed(text: string, from: string, to: string): string {
  const result = text.replace(from, () => to);
  assert.notEqual(result, text, `${from} is not in the file`);
  return result;
}

test('continued lines, with comments between them, are one instruction', () => {
  assert.deepEqual(parseDockerfile('# a\n\nRUN one \\\n  # why\n  two\nCOPY --from=build --chown=a /x ./y'), [
    { name: 'RUN', flags: {}, rest: 'one two', line: 3 },
    { name: 'COPY', flags: { from: 'build', chown: 'a' }, rest: '/x ./y', line: 6 },
  ]);
});

test('Dockerfile and compose.yaml have no faults', () => {
  assert.deepEqual(dockerfileFaults(dockerfile, context), []);
  assert.deepEqual(composeFaults(compose, expected), []);
});

const brokenDockerfiles: readonly [from: string, to: string, fault: RegExp][] = [
  ['RUN npm ci', 'RNU npm ci', /RNU is not an instruction/],
  ['FROM node:24-bookworm-slim AS dependencies', 'FROM node AS dependencies', /node has no version/],
  ['FROM node:24-bookworm-slim AS dependencies', 'FROM node:latest AS dependencies', /node:latest has no version/],
  ['COPY bin ./bin', 'COPY bin missing ./bin', /missing is not in the build context/],
  ['COPY bin ./bin\n', '', /bin\/outrider\.mjs is not copied/],
  ['--from=build', '--from=bulid', /no stage bulid/],
  ['USER node\n', '', /runs as root/],
  ['USER node', 'USER 0:0', /runs as root/],
  ['EXPOSE 8080', 'EXPOSE 80', /the default port is 8080/],
  ['CMD ["node", "--max', 'CMD node "--max', /CMD runs no script in exec form/],
  ['HEALTHCHECK', 'LABEL', /HEALTHCHECK has no command/],
];

for (const [from, to, fault] of brokenDockerfiles) {
  test(`Dockerfile: changing "${from.trim()}" to "${to.trim()}" is a fault`, () => {
    assert.match(dockerfileFaults(changed(dockerfile, from, to), context).join('\n'), fault);
  });
}

const brokenComposes: readonly [from: string, to: string, fault: RegExp][] = [
  ['    image: outrider', '   image: outrider', /./],
  ['restart: unless-stopped', 'restart: sometimes', /services\.outrider\.restart/],
  ['service_healthy', 'service_started', /does not wait/],
  ['OUTRIDER_PUBLIC_URL:', 'OUTRIDER_PUBLIC_URI:', /OUTRIDER_PUBLIC_URI is not a setting/],
  ["'8080:8080'", "'8080:80'", /port 8080 is not published/],
  ['- data:/data', '- date:/data', /volume date is not declared/],
  ['postgres:18-bookworm', 'postgres:17-bookworm', /not version 18/],
  [':/var/lib/postgresql', ':/var/lib/postgresql/data', /data is lost/],
  ['stop_grace_period: 40s', 'stop_grace_period: 20s', /more than 20 s/],
  ['POSTGRES_DB: outrider', 'POSTGRES_DB: other', /DATABASE_URL is not postgres:.*\/other/],
  ['OUTRIDER_SMTP_URL:-}', 'OUTRIDER_SMTP_URL}', /neither a default nor an error message/],
  ['    healthcheck:', '    healthchekc:', /healthchekc/],
];

for (const [from, to, fault] of brokenComposes) {
  test(`compose.yaml: changing "${from.trim()}" to "${to.trim()}" is a fault`, () => {
    assert.match(composeFaults(changed(compose, from, to), expected).join('\n'), fault);
  });
}
