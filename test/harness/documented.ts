/** Checks the server's answers in tests against docs/openapi.json: an undocumented status fails the test. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

interface Operations {
  readonly pattern: RegExp;
  readonly methods: Readonly<Record<string, { readonly responses: Readonly<Record<string, unknown>> }>>;
}

let known: readonly Operations[] | undefined;

function operations(): readonly Operations[] {
  const document = JSON.parse(readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8')) as {
    paths: Record<string, Operations['methods']>;
  };
  return (
    Object.entries(document.paths)
      .map(([path, methods]) => ({
        path,
        pattern: new RegExp(`^${path.replaceAll('.', String.raw`\.`).replaceAll(/\{\w+\}/g, '[^/]+')}$`),
        methods,
      }))
      // As in the server, a path without parameters takes precedence.
      .toSorted((a, b) => a.path.split('{').length - b.path.split('{').length)
  );
}

export function assertDocumented(method: string, path: string, status: number): void {
  const [bare = ''] = path.split('?', 1);
  const operation = (known ??= operations()).find(({ pattern }) => pattern.test(bare))?.methods[method.toLowerCase()];
  if (operation === undefined) return;
  assert.ok(
    String(status) in operation.responses,
    `${method} ${bare} answered ${status}, which docs/openapi.json does not have`,
  );
}
