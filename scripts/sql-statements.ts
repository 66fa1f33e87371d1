import { join, posix } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import {
  isIdentifier,
  isImportDeclaration,
  isNamedImports,
  isNoSubstitutionTemplateLiteral,
  isStringLiteral,
  isTaggedTemplateExpression,
} from 'typescript/unstable/ast';
import type { Node, TaggedTemplateExpression } from 'typescript/unstable/ast';
import type { Checker, Type } from 'typescript/unstable/sync';
import { Columns } from '../src/db/sql.ts';
import { describeStatement } from './describe-statement.ts';
import type { Column } from './describe-statement.ts';
import { position, root, walk } from './sources.ts';
import type { Source } from './sources.ts';

/** A template with the tag `sql`. */
export interface StatementNode {
  readonly source: Source;
  readonly node: TaggedTemplateExpression;
}

export function findStatements(source: Source): StatementNode[] {
  const found: StatementNode[] = [];
  walk(source.file, (node) => {
    if (isStatement(node)) found.push({ source, node });
  });
  return found;
}

function isStatement(node: Node): node is TaggedTemplateExpression {
  return isTaggedTemplateExpression(node) && isIdentifier(node.tag) && node.tag.text === 'sql';
}

/** Returns one line per fault of a statement: the server's error, or columns that do not match its row type. */
export async function statementFaults(
  client: pg.Client,
  checker: Checker,
  { source, node }: StatementNode,
): Promise<string[]> {
  const nested = parametersOf(node).filter(isStatement);
  if (nested.length > 0)
    return nested.map(
      (inner) => `${position(source, inner)} a statement inside a statement would be sent as a parameter`,
    );
  const lists = await Promise.all(parametersOf(node).map((each) => columnsOf(checker, source, each)));
  const unread = parametersOf(node).filter((_, index) => lists[index] === null);
  if (unread.length > 0)
    return unread.map((each) => `${position(source, each)} columns must be an exported constant, given by its name`);
  const text = textOf(node, lists);
  const description = await describeStatement(client, text);
  if (description.kind === 'invalid') {
    const linesDown = text.slice(0, description.offset).split('\n').length - 1;
    return [`${position(source, node.template, linesDown)} ${description.message}`];
  }
  return rowFaults(checker, node, description.columns).map((fault) => `${position(source, node)} ${fault}`);
}

const parametersOf = ({ template }: TaggedTemplateExpression): readonly Node[] =>
  isNoSubstitutionTemplateLiteral(template) ? [] : template.templateSpans.map((span) => span.expression);

/** The text of a list of columns. Undefined when the value is a parameter; null when the list cannot be resolved. */
async function columnsOf(checker: Checker, source: Source, value: Node): Promise<string | null | undefined> {
  if (checker.getTypeAtLocation(value)?.getSymbol()?.name !== Columns.name) return undefined;
  if (!isIdentifier(value)) return null;
  const [path, name] = originOf(source, value.text);
  const list = ((await import(pathToFileURL(join(root, path)).href)) as Readonly<Record<string, unknown>>)[name];
  return list instanceof Columns ? list.text : null;
}

/** Resolves a name in this file: the file that exports it, and its name there. */
function originOf({ path, file }: Source, name: string): [path: string, name: string] {
  for (const statement of file.statements) {
    const bindings = isImportDeclaration(statement) ? statement.importClause?.namedBindings : undefined;
    if (bindings === undefined || !isImportDeclaration(statement) || !isNamedImports(bindings)) continue;
    const found = bindings.elements.find((each) => each.name.text === name);
    if (found !== undefined && isStringLiteral(statement.moduleSpecifier))
      return [posix.join(posix.dirname(path), statement.moduleSpecifier.text), (found.propertyName ?? found.name).text];
  }
  return [path, name];
}

/** The text that the tag builds, untrimmed: `$1` for the first parameter; lists of columns are inserted as text. */
function textOf({ template }: TaggedTemplateExpression, lists: readonly (string | null | undefined)[]): string {
  if (isNoSubstitutionTemplateLiteral(template)) return template.text;
  let parameters = 0;
  return template.templateSpans.reduce(
    (text, span, index) => `${text}${lists[index] ?? `$${(parameters += 1)}`}${span.literal.text}`,
    template.head.text,
  );
}

function rowFaults(
  checker: Checker,
  { typeArguments }: TaggedTemplateExpression,
  columns: readonly Column[],
): string[] {
  const row = typeArguments?.[0] === undefined ? undefined : checker.getTypeFromTypeNode(typeArguments[0]);
  if (row === undefined) return [];
  return checker.getPropertiesOfType(row).flatMap((property) => {
    const column = columns.find(({ name }) => name === property.name);
    if (column === undefined)
      return [
        `the row type has ${property.name}; the statement returns ${columns.map(({ name }) => name).join(', ') || 'no rows'}`,
      ];
    const type = checker.getTypeOfSymbol(property);
    if (type === undefined || fits(checker, checker.getNonNullableType(type) ?? type, column.type)) return [];
    return [
      `the row type says ${property.name}: ${checker.typeToString(type)}; the column is ${typeNames.get(column.type) ?? `of type ${column.type}`}`,
    ];
  });
}

const { builtins } = pg.types;
const typeNames = new Map<number, string>(Object.entries(builtins).map(([name, oid]) => [oid, name.toLowerCase()]));
const numbers: readonly number[] = [
  builtins.INT2,
  builtins.INT4,
  builtins.INT8,
  builtins.FLOAT4,
  builtins.FLOAT8,
  builtins.OID,
];
const strings: readonly number[] = [
  builtins.TEXT,
  builtins.VARCHAR,
  builtins.BPCHAR,
  builtins.UUID,
  builtins.NUMERIC,
  builtins.CIDR,
  builtins.INET,
];
const dates: readonly number[] = [builtins.TIMESTAMPTZ, builtins.TIMESTAMP, builtins.DATE];

/** Whether the client returns the claimed type for a column. Narrower types (branded ids, unions of states) are accepted; JSON is not checked. */
function fits(checker: Checker, claimed: Type, oid: number): boolean {
  if (claimed === checker.getUnknownType()) return true;
  if (numbers.includes(oid)) return checker.isTypeAssignableTo(claimed, checker.getNumberType());
  if (strings.includes(oid)) return checker.isTypeAssignableTo(claimed, checker.getStringType());
  if (oid === builtins.BOOL) return checker.isTypeAssignableTo(claimed, checker.getBooleanType());
  if (dates.includes(oid)) return claimed.getSymbol()?.name === 'Date';
  if (oid === builtins.BYTEA) return ['Buffer', 'Uint8Array'].includes(claimed.getSymbol()?.name ?? '');
  return true;
}
