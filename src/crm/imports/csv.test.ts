import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { columnsOf, mappingFaults } from './columns.ts';
import type { Column } from './columns.ts';
import { linesIn, readHeader, readRows, windowBytes } from './csv.ts';
import type { CsvRow } from './csv.ts';
import { addressCell, isEmptyRow, upsertRow } from './row.ts';
import type { CustomTypes, Notation } from './row.ts';

const told = (row: CsvRow): unknown => ('problem' in row ? row.problem : row.fields);
const rowsIn = (text: string | Buffer, delimiter = ',') =>
  readRows({ bytes: Buffer.from(text), delimiter, isLast: true, isWhole: true, rowsMax: 1_000 });

/** Reads a text in windows of one size, as an import does. */
function throughWindows(bytes: Buffer, size: number, rowsMax: number): { row: unknown; line: number }[] {
  const found: { row: unknown; line: number }[] = [];
  let position = 0;
  let line = 1;
  while (position < bytes.length) {
    const window = bytes.subarray(position, position + size);
    const { rows, end } = readRows({
      bytes: window,
      delimiter: ',',
      isLast: position + window.length >= bytes.length,
      isWhole: true,
      rowsMax,
    });
    assert.ok(end > 0, 'every window contains a complete row');
    for (const row of rows) found.push({ row: told(row), line: line + linesIn(window, 0, row.start) });
    line += linesIn(window, 0, end);
    position += end;
  }
  return found;
}

describe('reading rows', () => {
  test('quotes, all kinds of line ends, empty lines and surrounding spaces are handled', () => {
    const { rows } = rowsIn('a,"b,""c""\r\nd"\r\n\r\n e , "f" \n"",\ng,h');
    assert.deepEqual(rows.map(told), [
      ['a', 'b,"c"\r\nd'],
      ['e', 'f'],
      ['', ''],
      ['g', 'h'],
    ]);
    assert.deepEqual(rowsIn('a,b\rc,d\r').rows.map(told), [
      ['a', 'b'],
      ['c', 'd'],
    ]);
    assert.deepEqual(rowsIn('a\tb c', '\t').rows.map(told), [['a', 'b c']]);
    assert.deepEqual(rowsIn('').rows, []);
    assert.deepEqual(rowsIn('\n\n').end, 2);
  });

  test('only the row with broken quotes is rejected; reading continues at the next line', () => {
    const text = 'a,b\nc,6" pipe\n"d"x,e\n"open,f\ng,h\n"i","j"\n';
    const { rows, end } = rowsIn(text);
    assert.deepEqual(rows.map(told), [
      ['a', 'b'],
      'has a quote in the middle of a field: put the field in quotes, and double each quote inside it',
      'has a quote in the middle of a field: put the field in quotes, and double each quote inside it',
      'has a quote in the middle of a field: put the field in quotes, and double each quote inside it',
      ['g', 'h'],
      ['i', 'j'],
    ]);
    assert.equal(end, text.length);
    assert.deepEqual(rowsIn('a,"b\nc,d\n').rows.map(told), ['has a quote that is never closed', ['c', 'd']]);
  });

  test('only the row that is not UTF-8 is rejected', () => {
    const rows = rowsIn(
      Buffer.concat([Buffer.from('ada,é\n'), Buffer.from('bob,é\n', 'latin1'), Buffer.from('cy,é\n')]),
    ).rows;
    assert.deepEqual(rows.map(told), [['ada', 'é'], 'is not in UTF-8', ['cy', 'é']]);
  });

  test('a row that the window cuts is left to the next window; a row that never fits is rejected', () => {
    const window = (text: string, isWhole = true) =>
      readRows({ bytes: Buffer.from(text), delimiter: ',', isLast: false, isWhole, rowsMax: 10 });
    assert.deepEqual(window('a,b\nc,d').rows.map(told), [['a', 'b']]);
    assert.equal(window('a,b\nc,d').end, 4);
    assert.equal(window('a,b\r\nc,d\r').end, 5);
    assert.equal(window('a,b\n"c\nd').end, 4, 'the quote may be closed later');
    assert.deepEqual(window('a,b,c'), { rows: [], end: 0 });
    assert.deepEqual(window('"a,b\nc,d\ne').rows.map(told), ['has a quote that is never closed', ['c', 'd']]);
    assert.deepEqual(
      window('"a,b\nc,d\ne', false),
      { rows: [], end: 0 },
      'a larger window may contain the closing quote',
    );
    assert.equal(
      readRows({ bytes: Buffer.from('a\nb\nc\n'), delimiter: ',', isLast: true, isWhole: true, rowsMax: 2 }).end,
      4,
    );
  });

  test('a file has the same rows and line numbers with windows of any size', () => {
    const cell = fc.oneof(
      fc.constantFrom('', 'x', 'é€😀', '"q"', '"a\n""b""\r\nc"', '" s "'),
      fc.stringMatching(/^[a-z ]{0,8}$/),
    );
    const line = fc.array(cell, { minLength: 1, maxLength: 4 }).map((cells) => cells.join(','));
    const lineEnd = fc.constantFrom('\n', '\r\n', '\n\n');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(line, lineEnd), { maxLength: 30 }),
        fc.integer({ min: 100, max: 400 }),
        fc.integer({ min: 1, max: 7 }),
        (lines, size, rowsMax) => {
          const bytes = Buffer.from(lines.flat().join(''));
          assert.deepEqual(
            throughWindows(bytes, size, rowsMax),
            throughWindows(bytes, Math.max(1, bytes.length), 1_000),
          );
        },
      ),
    );
  });

  test('arbitrary bytes are read to their end', () => {
    const piece = fc.constantFrom('"', ',', '\n', '\r', '\r\n', 'a', '""', 'é', '\0', ' ', '"a"', '\n"');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const bytes = Buffer.from(pieces.join(''));
        const { rows, end } = readRows({ bytes, delimiter: ',', isLast: true, isWhole: true, rowsMax: 1_000 });
        assert.equal(end, bytes.length);
        let reached = 0;
        for (const row of rows) {
          assert.ok(row.start >= reached && row.end > row.start);
          reached = row.end;
        }
      }),
    );
  });
});

describe('reading the header', () => {
  test('the delimiter is detected in the whole first record, including line breaks in quotes', () => {
    const read = readHeader(Buffer.from('"E-mail, of\nwork";"First, or\r\nonly";Name\nada@x.example;Ada;L\n'), true);
    assert.ok('names' in read);
    assert.deepEqual(
      [read.delimiter, read.names, read.line],
      [';', ['E-mail, of\nwork', 'First, or\r\nonly', 'Name'], 4],
    );
  });

  test("LinkedIn's notes before the header are skipped", () => {
    const read = readHeader(
      Buffer.from(
        'Notes:\n"When exporting, ""some""\nare missing"\n\nFirst Name,URL,Email Address,Connected On\nAda,x,y,z\n',
      ),
      true,
    );
    assert.ok('names' in read);
    assert.deepEqual([read.names[0], read.line], ['First Name', 6]);
  });

  const header = (text: string | Buffer) => readHeader(Buffer.from(text), true);

  test('the delimiter is the most frequent one outside quotes', () => {
    assert.deepEqual(header('Email;"Name, given";Phone\na;b;c'), {
      delimiter: ';',
      names: ['Email', 'Name, given', 'Phone'],
      end: 26,
      line: 2,
    });
    assert.deepEqual(header('email\tname\r\n'), { delimiter: '\t', names: ['email', 'name'], end: 12, line: 2 });
    assert.deepEqual(header('\uFEFF\nemail,name'), { delimiter: ',', names: ['email', 'name'], end: 14, line: 2 });
    assert.deepEqual(header('email'), { delimiter: ',', names: ['email'], end: 5, line: 1 });
  });

  test('a line sep= before the header declares the delimiter', () => {
    assert.deepEqual(header('sep=;\r\nEmail;"Name, given, or family"\r\na;b'), {
      delimiter: ';',
      names: ['Email', 'Name, given, or family'],
      end: 39,
      line: 3,
    });
    assert.deepEqual(header('\uFEFF"SEP=,"\n\nemail,a;b;c;d'), {
      delimiter: ',',
      names: ['email', 'a;b;c;d'],
      end: 25,
      line: 3,
    });
    assert.deepEqual(header('sep=\t\nemail\tname\n'), { delimiter: '\t', names: ['email', 'name'], end: 17, line: 3 });
    assert.deepEqual(header('sep=;\nemail\n'), { delimiter: ';', names: ['email'], end: 12, line: 3 });
    assert.deepEqual(header('sep=;\n'), { problem: 'is empty' });
    assert.deepEqual(header('sep=|\nemail|name\n'), {
      problem: 'declares sep=| in its first line: separate the fields by commas, semicolons or tabs',
    });
    assert.deepEqual(
      header('sep=;a;email\n'),
      { delimiter: ';', names: ['sep=', 'a', 'email'], end: 13, line: 2 },
      'a name among others',
    );
  });

  test('a file that is not CSV in UTF-8 is rejected with advice', () => {
    const problem = (text: string | Buffer): string => {
      const read = header(text);
      return 'problem' in read ? read.problem : assert.fail(JSON.stringify(read));
    };
    assert.equal(problem(''), 'is empty');
    assert.equal(problem('\uFEFF\r\n\n'), 'is empty');
    assert.equal(problem(' '), 'is empty');
    assert.match(problem(Buffer.from('\uFEFFemail\n', 'utf16le')), /UTF-16: save it as UTF-8/);
    assert.match(problem(Buffer.from('\uFEFFemail\n', 'utf16le').swap16()), /UTF-16: save it as UTF-8/);
    assert.match(problem(Buffer.from('email,name\n', 'utf16le')), /UTF-16/);
    assert.match(problem(Buffer.from('email,prénom\n', 'latin1')), /not in UTF-8/);
    assert.match(problem(Buffer.from('504b030414', 'hex')), /spreadsheet/);
    assert.match(problem(Buffer.from('d0cf11e0a1b11ae1', 'hex')), /is a spreadsheet, not CSV: save it as CSV in UTF-8/);
    assert.match(problem(Buffer.from('1f8b0800', 'hex')), /compressed/);
    assert.match(problem('email,"name\na,b\n'), /first line that has a quote/);
    assert.match(problem(`email${',a'.repeat(500)}\n`), /more than 500 columns/);
    const long = readHeader(Buffer.alloc(windowBytes, 'x'), false);
    assert.match('problem' in long ? long.problem : '', /first line that is longer than/);
  });
});

describe('assigning columns', () => {
  const custom = [{ key: 'shoe_size' }, { key: 'email' }];
  const fieldsOf = (names: string[], mapping = {}): unknown => {
    const found = columnsOf(names, mapping, custom);
    return 'columns' in found ? found.columns.map(([, field]) => field) : found.faults;
  };

  test('columns match fields by name, ignoring case and spaces', () => {
    assert.deepEqual(
      fieldsOf(['E-Mail', 'FIRST name', 'Company', 'Shoe Size', 'custom_fields.email', 'Status', 'constructor', '']),
      ['email', 'first_name', 'company_name', 'custom_fields.shoe_size', 'custom_fields.email', null, null, null],
    );
  });

  test('the mapping takes precedence over names, and over a column with the name of the field', () => {
    assert.deepEqual(fieldsOf(['Email', 'Work', 'Status', 'City'], { Work: 'email', Status: 'status', City: null }), [
      null,
      'email',
      'status',
      null,
    ]);
  });

  test('a missing address, two columns for one field and an unknown column are rejected', () => {
    assert.match(
      JSON.stringify(fieldsOf(['name'])),
      /"email":"is not filled by any column; the columns are \\"name\\"/,
    );
    assert.match(
      JSON.stringify(fieldsOf(['Email', 'e-mail'])),
      /"email":"is filled by several columns: \\"Email\\", \\"e-mail\\"/,
    );
    assert.match(
      JSON.stringify(fieldsOf(['email', 'Mail'], { Post: 'notes' })),
      /"mapping.Post":"is not a column of the file; its columns are \\"email\\", \\"Mail\\"/,
    );
    assert.deepEqual(
      Object.keys(
        mappingFaults(
          { a: 'email', b: 'email', c: 'id', d: 'custom_fields.x', e: 'custom_fields.shoe_size', f: null },
          custom,
        ),
      ),
      ['mapping.b', 'mapping.c', 'mapping.d'],
    );
  });
});

describe('reading cells', () => {
  const columns: Column[] = [
    ['E', 'email'],
    ['T', 'tags'],
    ['W', 'website'],
    ['N', 'custom_fields.n'],
    ['B', 'custom_fields.b'],
    ['X', null],
  ];
  const types = new Map([
    ['n', 'number'],
    ['b', 'boolean'],
  ] as const);

  test('cells become a row of an upsert; empty cells are left out', () => {
    assert.deepEqual(
      upsertRow(columns, types, ['a@b.example', 'vip; new|vip', 'www.b.example', '-1.5e3', 'Yes', 'x', '', ' ']),
      {
        email: 'a@b.example',
        tags: ['vip', 'new', 'vip'],
        website: 'https://www.b.example',
        custom_fields: { n: -1_500, b: true },
      },
    );
    assert.deepEqual(upsertRow(columns, types, ['a@b.example', ' ', 'http://b.example']), {
      email: 'a@b.example',
      website: 'http://b.example',
    });
    assert.deepEqual(upsertRow(columns, types, ['@', '', '', '1,5', 'constructor']), {
      email: '@',
      custom_fields: { n: '1,5', b: 'constructor' },
    });
    assert.deepEqual(upsertRow(columns, types, ['a', '', '', '', '', '', 'more']), {
      problem: 'has 7 columns, the first line has 6',
    });
    for (const none of ['', 'nobody'])
      assert.deepEqual(upsertRow(columns, types, [none, 'vip']), { problem: 'email: is not an email address' });
    assert.equal(addressCell(columns, [' a@ ']), 'a@');
    assert.equal(addressCell(columns, []), null);
    assert.ok(isEmptyRow(['', ' ']) && !isEmptyRow(['', 'x']));
  });
});

test('the headings that HubSpot, Apollo, Google Contacts and LinkedIn export are recognized', () => {
  const fieldsOf = (headings: string): object => {
    const found = columnsOf(headings.split(','), {}, []);
    return 'columns' in found
      ? Object.fromEntries<unknown>(
          found.columns.filter(([, field]) => field !== null).map(([name, field]) => [field ?? '', name] as const),
        )
      : found.faults;
  };
  assert.deepEqual(
    fieldsOf(
      'Record ID,First Name,Last Name,Email,Phone Number,Mobile Phone Number,Company Name,Job Title,Street Address,City,State/Region,Postal Code,Country/Region,Website URL,Lead Status',
    ),
    {
      first_name: 'First Name',
      last_name: 'Last Name',
      email: 'Email',
      phone: 'Phone Number',
      company_name: 'Company Name',
      job_title: 'Job Title',
      address: 'Street Address',
      city: 'City',
      state: 'State/Region',
      zip_code: 'Postal Code',
      country: 'Country/Region',
      website: 'Website URL',
    },
  );
  assert.deepEqual(
    fieldsOf(
      'First Name,Last Name,Title,Company,Company Name for Emails,Email,Email Status,Work Direct Phone,Mobile Phone,Corporate Phone,Person Linkedin Url,Website,Company Linkedin Url,City,State,Country',
    ),
    {
      first_name: 'First Name',
      last_name: 'Last Name',
      job_title: 'Title',
      company_name: 'Company',
      email: 'Email',
      phone: 'Work Direct Phone',
      linkedin_url: 'Person Linkedin Url',
      website: 'Website',
      city: 'City',
      state: 'State',
      country: 'Country',
    },
  );
  assert.deepEqual(
    fieldsOf(
      'First Name,Middle Name,Last Name,Organization Name,Organization Title,Notes,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Value,Phone 1 - Value,Address 1 - Street,Address 1 - City,Address 1 - Region,Address 1 - Postal Code,Address 1 - Country,Website 1 - Value',
    ),
    {
      first_name: 'First Name',
      last_name: 'Last Name',
      company_name: 'Organization Name',
      job_title: 'Organization Title',
      notes: 'Notes',
      email: 'E-mail 1 - Value',
      phone: 'Phone 1 - Value',
      address: 'Address 1 - Street',
      city: 'Address 1 - City',
      state: 'Address 1 - Region',
      zip_code: 'Address 1 - Postal Code',
      country: 'Address 1 - Country',
      website: 'Website 1 - Value',
    },
  );
  assert.deepEqual(fieldsOf('First Name,Last Name,URL,Email Address,Company,Position,Connected On'), {
    first_name: 'First Name',
    last_name: 'Last Name',
    linkedin_url: 'URL',
    email: 'Email Address',
    company_name: 'Company',
    job_title: 'Position',
  });
});

test('columns of the same name get distinct names for the mapping', () => {
  const headings = ['Email', 'Phone', 'Phone', 'Phone'];
  const faults = columnsOf(headings, {}, []);
  assert.match(JSON.stringify(faults), /"phone":"is filled by several columns: .*Phone \(2\)/);
  assert.deepEqual(columnsOf(headings, { Phone: null, 'Phone (3)': 'phone' }, []), {
    columns: [
      ['Email', 'email'],
      ['Phone', null],
      ['Phone (2)', null],
      ['Phone (3)', 'phone'],
    ],
  });
});

test('numbers and dates are read in the notation of the file; a number that would be rounded stays text', () => {
  const columns: Column[] = [
    ['E', 'email'],
    ['N', 'custom_fields.n'],
    ['D', 'custom_fields.d'],
    ['T', 'custom_fields.t'],
  ];
  const types: CustomTypes = new Map([
    ['n', 'number'],
    ['d', 'date'],
    ['t', 'text'],
  ]);
  const read = (n: string, d: string, notation?: Notation, t = '') =>
    (upsertRow(columns, types, ['a@x.example', n, d, t], notation) as { custom_fields?: object }).custom_fields;
  const german: Notation = { date_order: 'dmy', decimal_separator: ',' };
  assert.deepEqual(read('1.234,5', '3.2.2026', german), { n: 1234.5, d: '2026-02-03' });
  assert.deepEqual(read('1,5', '2026-2-3', german), { n: 1.5, d: '2026-02-03' });
  assert.deepEqual(read('1.5', '31/12/2026', german), { n: '1.5', d: '2026-12-31' });
  assert.deepEqual(read('1,234.5', '02/03/2026', { date_order: 'mdy', decimal_separator: '.' }), {
    n: 1234.5,
    d: '2026-02-03',
  });
  assert.deepEqual(read('1,5', '02/03/2026'), { n: '1,5', d: '02/03/2026' });
  for (const [cell, value] of [
    ['12345678901234567890', '12345678901234567890'],
    ['9007199254740993', '9007199254740993'],
    ['0.1', 0.1],
    ['007', 7],
    ['+5', 5],
    ['1E+12', 1e12],
    ['9007199254740992', 9_007_199_254_740_992],
  ] as const)
    assert.deepEqual(read(cell, ''), { n: value }, cell);
  assert.deepEqual(read('', '', undefined, '12345678901234567890'), { t: '12345678901234567890' });
});
