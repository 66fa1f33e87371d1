/**
 * Proves that imports point one way, that slices meet by their `index.ts` alone, and that nothing imports in a circle.
 * Prints each offending line and exits 1; a file over 400 lines is a warning.
 */
import { matchesGlob, posix } from 'node:path';
import {
  isExportDeclaration,
  isImportDeclaration,
  isLiteralTypeNode,
  isStringLiteral,
  SyntaxKind,
} from 'typescript/unstable/ast';
import type { Node } from 'typescript/unstable/ast';
import { openSources, position } from './sources.ts';

export interface Layer {
  readonly name: string;
  /** A file belongs to the layer with the longest pattern that fits it. */
  readonly files: readonly string[];
  /** Each folder is a slice of its own; these are its doors, by which layer may enter. */
  readonly doors?: Readonly<Record<string, readonly string[]>>;
  /** Takes types from wherever it likes above, and values only from its own layer and from these modules. */
  readonly values?: readonly string[];
}

/** From the top down: a file may import from its own layer and from every layer below it. */
export const layers: readonly Layer[] = [
  {
    name: 'edges',
    files: [
      'src/main.ts',
      'src/app.ts',
      'src/cli/**',
      'src/http/**',
      'src/dialects/routes.ts',
      'src/dialects/edge.ts',
      'src/dialects/*/*.ts',
    ],
  },
  { name: 'ops', files: ['src/ops/**'] },
  {
    name: 'slices',
    files: ['src/*/**'],
    doors: { slices: ['index.ts'], ops: ['index.ts'], edges: ['index.ts', 'routes.ts'] },
  },
  { name: 'http libraries', files: ['src/http/route.ts', 'src/http/page.ts', 'src/http/rate-limit.ts'] },
  { name: 'delivery', files: ['src/delivery/**'] },
  { name: 'foundation', files: ['src/ops/log.ts', 'src/ops/log-text.ts', 'src/vault/**'] },
  {
    name: 'dialects',
    files: ['src/dialects/**', 'src/dialects/*/wire*.ts'],
    values: ['node:crypto', 'src/json-text.ts'],
  },
  { name: 'db', files: ['src/db/**'] },
  { name: 'base', files: ['src/*.ts'] },
];

const linesMax = 400;

export interface Import {
  /** The importing file, relative to the root. */
  readonly from: string;
  /** The imported file relative to the root, or a module's name. */
  readonly to: string;
  readonly typeOnly: boolean;
  /** `file:line` for the report. */
  readonly at: string;
}

/** What is wrong with these imports, a line each. Tests are free; what is not in `src` only must not run in a circle. */
export function violations(imports: readonly Import[]): string[] {
  const own = imports.filter((each) => !isTest(each.from));
  return [
    ...own.flatMap((each) => offence(each).map((reason) => `${each.at} imports ${each.to}: ${reason}`)),
    ...circles(own),
    ...sliceCircles(own),
  ];
}

function offence({ from, to, typeOnly }: Import): string[] {
  const source = layerOf(from);
  if (source === undefined) return [];
  if (!isOwn(to)) {
    return source.values === undefined || typeOnly || source.values.includes(to)
      ? []
      : [`${source.name} is pure and imports only types`];
  }
  const target = layerOf(to);
  if (isTest(to) || target === undefined) return ['src stands alone; tests, scripts and benchmarks are not part of it'];
  if (source.values !== undefined)
    return typeOnly || target === source || source.values.includes(to)
      ? []
      : [`${source.name} is pure and imports only types`];
  if (layers.indexOf(target) < layers.indexOf(source)) return [`${source.name} lies below ${target.name}`];
  const doors = target.doors?.[source.name];
  if (doors === undefined || sliceOf(from) === sliceOf(to) || doors.includes(posix.basename(to))) return [];
  return [`${source.name} enter ${sliceOf(to)} by ${doors.join(' or ')}`];
}

function layerOf(path: string): Layer | undefined {
  const fits = layers.flatMap((layer) =>
    layer.files.filter((pattern) => matchesGlob(path, pattern)).map((pattern) => ({ layer, length: pattern.length })),
  );
  return fits.sort((a, b) => b.length - a.length)[0]?.layer;
}

const isOwn = (to: string): boolean => /^(src|test|scripts|bench)\//.test(to);
const isTest = (path: string): boolean => path.endsWith('.test.ts');
const sliceOf = (path: string): string => path.split('/').slice(0, 2).join('/');

const circles = (imports: readonly Import[]): string[] =>
  loops(imports.map(({ from, to }) => [from, to])).map((loop) => `a circle of imports: ${loop.join(' → ')}`);

/** Two slices that lean on each other, even where no single file does. */
function sliceCircles(imports: readonly Import[]): string[] {
  const slices = imports.filter(
    ({ from, to }) =>
      layerOf(from)?.doors !== undefined && layerOf(to)?.doors !== undefined && sliceOf(from) !== sliceOf(to),
  );
  return loops(slices.map(({ from, to }) => [sliceOf(from), sliceOf(to)])).map(
    (loop) => `slices lean on each other: ${loop.join(' → ')}`,
  );
}

/** Each circle once, as the walk meets it, its first name repeated at the end. */
function loops(edges: readonly (readonly [string, string])[]): string[][] {
  const targets = Map.groupBy(edges, ([from]) => from);
  const finished = new Set<string>();
  const found: string[][] = [];
  const visit = (name: string, trail: readonly string[]): void => {
    const seenAt = trail.indexOf(name);
    if (seenAt >= 0) found.push([...trail.slice(seenAt), name]);
    if (seenAt >= 0 || finished.has(name)) return;
    for (const [, to] of targets.get(name) ?? []) visit(to, [...trail, name]);
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
  for (const { path, file } of sources.files) {
    const lines = file.getLineStarts().length - 1;
    if (path.startsWith('src/') && lines > linesMax)
      console.warn(`warning: ${path} has ${lines} lines; past ${linesMax} a file has two reasons to change`);
  }
  const found = violations(imports);
  for (const line of found) console.error(line);
  console.log(`${imports.length} imports in ${sources.files.length} files, ${found.length} against the layers`);
  process.exitCode = found.length > 0 ? 1 : 0;
}
