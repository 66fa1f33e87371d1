export { compile, pickVariant, render, variablesOf } from './compile.ts';
export type { Compiled, Rendered, Source } from './compile.ts';
export { contentWarnings, hrefProblem } from './links.ts';
export type { Warning } from './links.ts';
export type { Fields, Values } from './values.ts';
