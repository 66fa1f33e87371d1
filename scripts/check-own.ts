/**
 * Proves that no untrusted name is looked up where `constructor` or `__proto__` would return an inherited member: a table of texts is
 * a Map, or is read with `own` (src/base/own.ts) or after `Object.hasOwn`. Prints each offending line and exits 1.
 */
import {
  isBinaryExpression,
  isElementAccessExpression,
  isIdentifier,
  isNumericLiteral,
  isParameterDeclaration,
  isPropertyAccessExpression,
  isStringLiteral,
  isVariableDeclaration,
  SyntaxKind,
} from 'typescript/unstable/ast';
import type { Node } from 'typescript/unstable/ast';
import { openSources, position } from './sources.ts';

/** Whether the type of an object allows any name. */
const anyNames =
  /^(Readonly<|Partial<)*(Record<string\b|\{ readonly \[\w+: string\]|RequestHeaders\b|ErrorDetails\b|Fields\b)/;

function visit(node: Node, each: (node: Node) => void): void {
  each(node);
  node.forEachChild((child) => {
    visit(child, each);
  });
}

/** The lookups of this file by a computed name. */
function offences(file: Node, text: string): Node[] {
  const tables = new Set<string>();
  visit(file, (node) => {
    if (
      (isVariableDeclaration(node) || isParameterDeclaration(node)) &&
      isIdentifier(node.name) &&
      node.type !== undefined &&
      anyNames.test(node.type.getText().trim())
    )
      tables.add(node.name.text);
  });
  const found: Node[] = [];
  visit(file, (node) => {
    if (isBinaryExpression(node) && node.operatorToken.kind === SyntaxKind.InKeyword && !isStringLiteral(node.left))
      found.push(node);
    if (!isElementAccessExpression(node)) return;
    const { expression, argumentExpression: name } = node;
    const table = isPropertyAccessExpression(expression)
      ? expression.name.text
      : isIdentifier(expression)
        ? expression.text
        : '';
    if (!tables.has(table) || isStringLiteral(name) || isNumericLiteral(name)) return;
    const isWritten =
      isBinaryExpression(node.parent) &&
      node.parent.left === node &&
      node.parent.operatorToken.kind === SyntaxKind.EqualsToken;
    if (!isWritten && !text.includes(`Object.hasOwn(${table}, `)) found.push(node);
  });
  return found;
}

if (import.meta.main) {
  using sources = openSources();
  let count = 0;
  for (const source of sources.files) {
    if (!/^(src|sdk\/src)\//.test(source.path) || source.path.endsWith('.test.ts') || source.path === 'src/base/own.ts')
      continue;
    for (const node of offences(source.file, source.file.text)) {
      count += 1;
      console.error(
        `${position(source, node)} ${node.getText()}: names that objects inherit are found too; use a Map, own() or Object.hasOwn`,
      );
    }
  }
  console.log(`${count} look-ups that find inherited names`);
  process.exitCode = count > 0 ? 1 : 0;
}
