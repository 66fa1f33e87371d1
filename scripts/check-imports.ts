/**
 * Checks that imports point one way: a folder of `src` imports only from folders below it, a slice is entered through its `index.ts`,
 * wires are pure, and nothing imports in a cycle. Prints each violation and exits 1.
 */
import { posix } from 'node:path';
import {
  isExportDeclaration,
  isImportDeclaration,
  isLiteralTypeNode,
  isStringLiteral,
  SyntaxKind,
} from 'typescript/unstable/ast';
import type { Node } from 'typescript/unstable/ast';
import { openSources, position } from './sources.ts';

/** The entries of `src`, from the top down. An entry imports only from its own line and the lines below; entries of one line do not form cycles. */
export const layers: readonly (readonly string[])[] = [
  ['main.ts', 'app.ts', 'compose-engine.ts', 'lifecycle.ts', 'cli'],
  ['vendors'],
  ['privacy'],
  ['mail'],
  ['crm'],
  ['webhooks'],
  ['events', 'alerts'],
  ['accounts', 'portal', 'auth', 'ops'],
  ['delivery'],
  ['http'],
  ['encryption'],
  ['db'],
  ['base'],
];

/** The composition root and the command line enter a slice by these; everything else by `index.ts` alone. */
const compositionDoors = ['index.ts', 'routes.ts'];

/** A wire formats a delivery and does nothing else: it takes values only from its vendor's other wire files and from these. */
const isWire = (path: string): boolean => /^src\/vendors\/[^/]+\/wire[^/]*\.ts$/.test(path) || pureParts.includes(path);
const pureParts = [
  'src/vendors/wire-parts.ts',
  'src/delivery/event-names.ts',
  'src/base/event-types.ts',
  'src/base/json-text.ts',
];
const pureModules = ['node:crypto'];

export interface Import {
  /** The importing file, relative to the root. */
  readonly from: string;
  /** The imported file relative to the root, or a module's name. */
  readonly to: string;
  readonly typeOnly: boolean;
  /** `file:line` for the report. */
  readonly at: string;
}

/** One line per violation. Tests may import anything; files outside `src` must only not form cycles. */
export function violations(imports: readonly Import[]): string[] {
  const own = imports.filter((each) => !isTest(each.from));
  const slices = new Set(
    own
      .flatMap(({ from, to }) => [from, to])
      .filter((path) => path.startsWith('src/') && posix.basename(path) === 'index.ts')
      .map(posix.dirname),
  );
  return [
    ...own.flatMap((each) => offences(each, slices).map((reason) => `${each.at} imports ${each.to}: ${reason}`)),
    ...fileCycles(own),
    ...folderCycles(own),
  ];
}

function offences({ from, to, typeOnly }: Import, slices: ReadonlySet<string>): string[] {
  if (!from.startsWith('src/')) return [];
  if (isWire(from) && !typeOnly && !isWire(to) && !pureModules.includes(to))
    return ['a wire is pure and imports only types'];
  if (!/^(src|test|scripts|bench)\//.test(to)) return [];
  if (isTest(to) || !to.startsWith('src/')) return ['src does not import tests, scripts or benchmarks'];
  const source = layerOf(from);
  const target = layerOf(to);
  if (source < 0 || target < 0)
    return [`${source < 0 ? from : to} belongs to no layer; add its entry to scripts/check-imports.ts`];
  if (target < source) return [`${entryOf(to)} lies above ${entryOf(from)}`];
  const slice = sliceOf(to, slices);
  const doors = source === 0 ? compositionDoors : ['index.ts'];
  if (slice === undefined || isWithin(from, slice) || doors.some((door) => to === `${slice}/${door}`)) return [];
  return [`${slice} is entered through ${doors.join(' or ')}`];
}

const isTest = (path: string): boolean => path.endsWith('.test.ts');
const entryOf = (path: string): string => path.split('/')[1] ?? path;
const layerOf = (path: string): number => layers.findIndex((entries) => entries.includes(entryOf(path)));
const isWithin = (path: string, folder: string): boolean => path.startsWith(`${folder}/`);

/** The nearest folder above a file that has an `index.ts`. */
function sliceOf(path: string, slices: ReadonlySet<string>): string | undefined {
  for (let folder = posix.dirname(path); folder.includes('/'); folder = posix.dirname(folder))
    if (slices.has(folder)) return folder;
  return undefined;
}

const fileCycles = (imports: readonly Import[]): string[] =>
  cycles(imports.map(({ from, to }) => [from, to])).map((cycle) => `cycle of files: ${cycle.join(' → ')}`);

/**
 * Cycles between the entries of one folder, at every depth of `src`, even where no single file is in a cycle:
 * `src/a/x.ts` → `src/b/y.ts` and `src/b/z.ts` → `src/a/w.ts` is a cycle of `src/a` and `src/b`.
 */
function folderCycles(imports: readonly Import[]): string[] {
  const inside = imports.filter(({ from, to }) => from.startsWith('src/') && to.startsWith('src/'));
  const edges = inside.flatMap(({ from, to }): [string, string][] => {
    const [a, b] = [from.split('/'), to.split('/')];
    const depth = a.findIndex((name, index) => name !== b[index]);
    const pair: [string, string] = [a.slice(0, depth + 1).join('/'), b.slice(0, depth + 1).join('/')];
    return pair.some((entry) => !entry.endsWith('.ts')) ? [pair] : [];
  });
  const files = inside
    .filter(({ from, to }) => posix.dirname(from) === posix.dirname(to))
    .map(({ from, to }): [string, string] => [from, to]);
  return cycles([...edges, ...files])
    .filter((cycle) => cycle.some((entry) => !entry.endsWith('.ts')))
    .map((cycle) => `cycle of folders: ${cycle.join(' → ')}`);
}

/** Each cycle once, as the walk meets it, its first name repeated at the end. */
function cycles(edges: readonly (readonly [string, string])[]): string[][] {
  const targets = Map.groupBy(edges, ([from]) => from);
  const finished = new Set<string>();
  const found: string[][] = [];
  const visit = (name: string, trail: readonly string[]): void => {
    const seenAt = trail.indexOf(name);
    if (seenAt >= 0) found.push([...trail.slice(seenAt), name]);
    if (seenAt >= 0 || finished.has(name)) return;
    for (const to of new Set(targets.get(name)?.map(([, each]) => each))) visit(to, [...trail, name]);
    finished.add(name);
  };
  for (const name of targets.keys()) visit(name, []);
  return found;
}

/** With `verbatimModuleSyntax`, `import { type A }` still loads the module; only these forms vanish. */
function isTypeOnly(specifier: Node): boolean {
  const statement = specifier.parent;
  if (isImportDeclaration(statement)) return statement.importClause?.phaseModifier === SyntaxKind.TypeKeyword;
  return isExportDeclaration(statement) ? statement.isTypeOnly : isLiteralTypeNode(statement);
}

if (import.meta.main) {
  using sources = openSources();
  const imports = sources.files.flatMap((source) =>
    source.file.imports.filter(isStringLiteral).map((specifier) => ({
      from: source.path,
      to: specifier.text.startsWith('.') ? posix.join(posix.dirname(source.path), specifier.text) : specifier.text,
      typeOnly: isTypeOnly(specifier),
      at: position(source, specifier),
    })),
  );
  const found = violations(imports);
  for (const line of found) console.error(line);
  console.log(`${imports.length} imports in ${sources.files.length} files, ${found.length} violations`);
  process.exitCode = found.length > 0 ? 1 : 0;
}
