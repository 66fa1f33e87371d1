import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { includingPages, withInclusions } from '../../scripts/inclusions.ts';
import { dialectNames } from '../../src/vendors/wires.ts';

const read = (path: string): Promise<string> =>
  readFile(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');

describe('inclusions in pages', () => {
  test('the text between the marks is replaced; the rest of the page stays', async () => {
    const snippet = (await read('docs/snippets/go/defrost.go')).trimEnd();
    const page = await withInclusions('before\n\n<!-- include verification defrost -->\nold\n<!-- end -->\n\nafter\n');
    assert.ok(page.startsWith('before\n\n<!-- include verification defrost -->\nTypeScript:\n'));
    assert.ok(page.includes(`Go:\n\n\`\`\`go\n${snippet}\n\`\`\`\n`));
    assert.ok(page.endsWith('```\n<!-- end -->\n\nafter\n') && !page.includes('old'));
    assert.equal(await withInclusions(page), page);
    assert.equal(await withInclusions('no marks\n'), 'no marks\n');
  });

  test('a verification in one language is included without a heading', async () => {
    const snippet = (await read('docs/snippets/go/defrost.go')).trimEnd();
    const page = await withInclusions('<!-- include verification defrost go -->\n<!-- end -->\n');
    assert.equal(page, `<!-- include verification defrost go -->\n\`\`\`go\n${snippet}\n\`\`\`\n<!-- end -->\n`);
    await assert.rejects(
      withInclusions('<!-- include verification defrost cobol -->\n<!-- end -->'),
      /no language "cobol"/,
    );
  });

  test('an inclusion with an unknown name, or without an end before the next one, throws', async () => {
    await assert.rejects(
      withInclusions('<!-- include nothing -->\n<!-- end -->'),
      /include nothing.* has an unknown name/,
    );
    await assert.rejects(withInclusions('<!-- include retries vendor -->\n<!-- end -->'), /no dialect "vendor"/);
    await assert.rejects(
      withInclusions('<!-- include example defrost no.such -->\n<!-- end -->'),
      /no type "no\.such"/,
    );
    await assert.rejects(withInclusions('<!-- include events-table -->\n'), /has no end/);
    await assert.rejects(
      withInclusions('<!-- include events-table -->\n<!-- include delivery-table -->\n<!-- end -->'),
      /events-table.* has no end/,
    );
  });

  test('every dialect has a page with an example, its retries and its verification', async () => {
    const pages = await includingPages();
    for (const name of dialectNames) {
      assert.ok(pages.includes(`docs/dialects/${name}.md`), name);
      const page = await read(`docs/dialects/${name}.md`);
      for (const what of ['example', 'retries', 'verification'])
        assert.ok(page.includes(`<!-- include ${what} ${name}`), `${name}: ${what}`);
    }
  });
});
