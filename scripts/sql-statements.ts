import pg from 'pg';
import { isIdentifier, isNoSubstitutionTemplateLiteral, isTaggedTemplateExpression } from 'typescript/unstable/ast';
import type { Node, TaggedTemplateExpression } from 'typescript/unstable/ast';
import type { Checker, Type } from 'typescript/unstable/sync';
import { describeStatement } from './describe-statement.ts';
import type { Column } from './describe-statement.ts';
import { position, walk } from './sources.ts';
import type { Source } from './sources.ts';

/** A statement made with the tag `sql`. */
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

/** What is wrong with a statement, a line each: in the server's words, or that its row type does not fit. */
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
  const text = textOf(node);
  const description = await describeStatement(client, text);
  if (description.kind === 'invalid') {
    const linesDown = text.slice(0, description.offset).split('\n').length - 1;
    return [`${position(source, node.template, linesDown)} ${description.message}`];
  }
  return rowFaults(checker, node, description.columns).map((fault) => `${position(source, node)} ${fault}`);
}

const parametersOf = ({ template }: TaggedTemplateExpression): readonly Node[] =>
  isNoSubstitutionTemplateLiteral(template) ? [] : template.templateSpans.map((span) => span.expression);

/** As the tag builds it (its trim aside): `$1` for the first parameter. */
function textOf({ template }: TaggedTemplateExpression): string {
  if (isNoSubstitutionTemplateLiteral(template)) return template.text;
  return template.templateSpans.reduce(
    (text, span, index) => `${text}$${index + 1}${span.literal.text}`,
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
        `the row type has ${property.name}; the statement answers ${columns.map(({ name }) => name).join(', ') || 'no rows'}`,
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

/** Whether a claimed type is what the client makes of the column. A narrower type (a branded id, a union of states) fits; JSON is taken at its word. */
function fits(checker: Checker, claimed: Type, oid: number): boolean {
  if (claimed === checker.getUnknownType()) return true;
  if (numbers.includes(oid)) return checker.isTypeAssignableTo(claimed, checker.getNumberType());
  if (strings.includes(oid)) return checker.isTypeAssignableTo(claimed, checker.getStringType());
  if (oid === builtins.BOOL) return checker.isTypeAssignableTo(claimed, checker.getBooleanType());
  if (dates.includes(oid)) return claimed.getSymbol()?.name === 'Date';
  if (oid === builtins.BYTEA) return ['Buffer', 'Uint8Array'].includes(claimed.getSymbol()?.name ?? '');
  return true;
}
