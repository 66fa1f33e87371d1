import { fileURLToPath } from 'node:url';
import { join, relative, sep } from 'node:path';
import type { Node, SourceFile } from 'typescript/unstable/ast';
import { API } from 'typescript/unstable/sync';
import type { Checker } from 'typescript/unstable/sync';

/** The repository's root, with a trailing separator. */
export const root = fileURLToPath(new URL('..', import.meta.url));

export interface Source {
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  readonly file: SourceFile;
}

export interface Sources {
  readonly files: readonly Source[];
  readonly checker: Checker;
  [Symbol.dispose](): void;
}

/** Opens every TypeScript file that tsconfig.json includes, parsed by the compiler and sorted by path. @throws Error when one cannot be parsed. */
export function openSources(): Sources {
  const api = new API({ cwd: root });
  const config = join(root, 'tsconfig.json');
  const project = api.updateSnapshot({ openProjects: [config] }).getProject(config);
  if (project === undefined) throw new Error(`Cannot open ${config}.`);
  const files = project.rootFiles.map((name) => {
    const file = project.program.getSourceFile(name);
    if (file === undefined) throw new Error(`Cannot parse ${name}.`);
    return { path: relative(root, name).split(sep).join('/'), file };
  });
  return {
    files: files.sort((a, b) => (a.path < b.path ? -1 : 1)),
    checker: project.checker,
    [Symbol.dispose]: () => api.close(),
  };
}

/** Visits a node and its descendants. */
export function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  node.forEachChild((child) => walk(child, visit));
}

/** `src/db/pool.ts:12`, which editors and terminals turn into a link. */
export function position(source: Source, node: Node, linesDown = 0): string {
  return `${source.path}:${source.file.getLineAndCharacterOfPosition(node.getStart(source.file)).line + 1 + linesDown}`;
}
