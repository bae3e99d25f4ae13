import { readFileSync } from 'node:fs';
import type { ArtifactRef } from '../definition';
import type { Quality } from './model';
import { broken, callTool, runPlan, verifyRun } from './testing/run-plan';
import { type LocalRoom, localRoom } from './testing/local-room';

jest.setTimeout(60_000);

let room: LocalRoom;
beforeEach(() => (room = localRoom()));
afterEach(() => room.remove());

const rows = (count: number, row: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => row(index)).join('\n');

describe('what cannot be opened ends in a clear failure', () => {
  const cases: [string, string | Uint8Array, string][] = [
    ['an empty file', '', 'source.empty'],
    ['white space alone', ' \n \n', 'source.empty'],
    ['zero bytes', new Uint8Array([1, 0, 2, 3, 0, 0, 0, 9, 200, 0, 17]), 'source.binary'],
    ['a PNG', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0]), 'source.binary'],
    ['a ZIP', new Uint8Array([0x50, 0x4b, 3, 4, 20, 0]), 'source.binary'],
    ['a header without rows', 'a,b,c\n', 'data.no_rows'],
    ['a web page', '<!doctype html><html><body>hi</body></html>', 'data.not_tabular'],
    [
      'prose',
      'It was a bright cold day in April and the clocks were striking thirteen once more.\nWinston Smith, his chin nuzzled into his breast in an effort to escape.\n',
      'data.not_tabular',
    ],
    ['a JSON list of numbers', '[1, 2, 3]', 'data.not_tabular'],
    ['a JSON object without a list', '{"a": 1, "b": {"c": 2}}', 'data.not_tabular'],
    ['a cut JSON list', '[{"a": 1}, {"a": 2', 'data.json_broken'],
    ['an empty JSON list', '[]', 'data.no_rows'],
    ['a broken Parquet file', 'PAR1 and nothing more', 'data.parquet_broken'],
  ];
  it.each(cases)('%s', async (_what, content, code) => {
    room.write('input', content);
    const strict = await callTool(room, 'data.open', { source: 'input' });
    expect(strict.error).toMatchObject({ code, transient: false });
    expect(strict.error?.message).toContain('input');
  });

  it.each([
    ['white space', ' \n', 'source.empty'],
    ['a header without rows', 'a,b,c\n', 'data.no_rows'],
    ['a cut JSON list', '[{"a": 1}, {"a": 2', 'data.json_broken'],
  ])('%s, opened tolerantly', async (_what, content, code) => {
    room.write('input', content);
    expect((await callTool(room, 'data.open-tolerant', { source: 'input' })).error?.code).toBe(code);
  });

  const numbered = Array.from({ length: 100_000 }, (_, index) => `column ${index}`);
  it.each([
    ['as its header', `${numbered.join(',')}\n${numbered.map((_, index) => index).join(',')}\n`, 'data.too_wide'],
    ['without a header', `${numbered.map(() => '1').join(';')}\n`.repeat(2), 'data.too_wide'],
    ['in one cell', `"${numbered.join(' ')}"\n1\n`, 'data.not_tabular'],
  ])('a hundred thousand columns %s', async (_what, content, code) => {
    room.write('wide.csv', content);
    for (const tool of ['data.open', 'data.open-tolerant']) {
      const { error } = await callTool(room, tool, { source: 'wide.csv' });
      expect(error).toMatchObject({ code, transient: false });
      expect(error?.message).toContain('wide.csv');
      expect(error?.message.length).toBeLessThan(200);
    }
  });

  it('a missing file', async () => {
    const run = await callTool(room, 'data.open', { source: 'nothing.csv' });
    expect(run.error?.code).toBe('source.missing');
  });

  it('a table without rows in Parquet', async () => {
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const db = await (await DuckDBInstance.create(':memory:')).connect();
    await db.run(`COPY (SELECT 1 AS a, 'x' AS b WHERE false) TO '${room.root}/none.parquet' (FORMAT parquet)`);
    const run = await callTool(room, 'data.open', { source: 'none.parquet' });
    expect(run.error?.code).toBe('data.no_rows');
  });
});

describe('Parquet with damaged pages', () => {
  const damages: [string, (bytes: Buffer) => Buffer][] = [
    ['compressed values', (bytes) => bytes.fill(0x5a, 200, 260)],
    [
      'the headers of pages',
      (bytes) => bytes.map((byte, index) => (index < 4 || index > 2000 ? byte : (index * 31) & 0xff)) as Buffer,
    ],
    [
      'most of the file',
      (bytes) => bytes.map((byte, index) => (index < 1000 || index > 90_000 ? byte : (index * 31) & 0xff)) as Buffer,
    ],
  ];
  it.each(damages)('%s', async (_what, damage) => {
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const db = await (await DuckDBInstance.create(':memory:')).connect();
    const select = `SELECT i AS a, 'text ' || (i * 7919 % 1000) AS b FROM range(50000) t(i)`;
    await db.run(`COPY (${select}) TO '${room.root}/good.parquet' (FORMAT parquet, COMPRESSION snappy)`);
    room.write('damaged.parquet', damage(readFileSync(`${room.root}/good.parquet`)));
    for (const tool of ['data.open', 'data.open-tolerant']) {
      const { error } = await callTool(room, tool, { source: 'damaged.parquet' });
      expect(error).toMatchObject({ code: 'data.parquet_broken', transient: false });
      expect(error?.message).toMatch(/^damaged\.parquet cannot be read as Parquet: \w/);
      expect(error?.message).not.toMatch(/scratch|\/tmp|input"/);
    }
  });
});

describe('what is damaged is refused strictly, and its tolerant report is true', () => {
  const accents = 'name,amount\n' + rows(30, (index) => `${index % 2 ? 'Müller' : 'Société'},${index * 3}`) + '\n';
  const cases: [string, string | Uint8Array, string, string[]][] = [
    ['latin-1', Buffer.from(accents, 'latin1'), 'data.encoding', ['transcoded']],
    ['UTF-16 with a mark', Buffer.from(`\ufeff${accents}`, 'utf16le'), 'data.encoding', ['transcoded']],
    ['UTF-16 without a mark', Buffer.from(accents, 'utf16le'), 'data.encoding', ['transcoded']],
    [
      'ragged rows',
      `a,b,c\n${rows(40, (index) => `${index},x${index % 3},${index / 2}`)}\n1,2\n1,2,3,4\n5,6,7,\n`,
      'data.ragged_rows',
      ['short_rows_padded', 'long_rows_left_out', 'empty_extra_cells_dropped'],
    ],
    [
      'an unclosed quote',
      `a,b\n${rows(30, (index) => `${index},y`)}\n31,"never closed\n32,z\n`,
      'data.ragged_rows',
      ['unclosed_quote'],
    ],
    [
      'repeated and empty names',
      `id,,price,PRICE\n${rows(30, (index) => `${index},k${index % 4},${index},${index * 2}`)}\n`,
      'data.column_names',
      ['empty_name_filled', 'repeated_name_changed'],
    ],
    [
      'broken lines of JSON',
      `{"a":1,"b":"x"}\n${rows(30, (index) => `{"a":${index},"b":"y${index % 3}"}`)}\n{"a":\n`,
      'data.json_broken',
      ['broken_lines_left_out'],
    ],
  ];
  it.each(cases)('%s', async (_what, content, code, repairs) => {
    room.write('damaged', content);
    const strict = await callTool(room, 'data.open', { source: 'damaged' });
    expect(strict.error?.code).toBe(code);
    const run = await runPlan(room, 'damaged');
    expect((run.outputs.open as { repairs?: { kind: string }[] }).repairs?.map(({ kind }) => kind).sort()).toEqual(
      [...repairs].sort(),
    );
    expect(broken(await verifyRun(room, run, { source: 'damaged' }))).toEqual([]);
    for (const { example } of (run.outputs.open as unknown as { repairs: { example: string }[] }).repairs)
      expect(example).not.toBe('');
  });

  it('names the line of the first ragged row', async () => {
    room.write('ragged.csv', 'a,b\n1,2\n3,4\n5\n');
    const run = await callTool(room, 'data.open', { source: 'ragged.csv' });
    expect(run.error?.message).toContain('Line 4');
  });
});

describe('what is odd but in order gets a true report', () => {
  const hostile = ['"; DROP TABLE t; --', '<script>alert(1)</script>', 'a|b`c', "it's %_*", '$ {x} ]('];
  const cell = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const hostileRow = (index: number): string =>
    [
      `'; DROP ${index % 4}`,
      `<img src=x onerror=alert(${index % 2})>`,
      `[x](y) \`\`${index % 3}\`\` | # z`,
      `line ${index % 3}\nnext "quoted"`,
      String(index % 5),
    ]
      .map(cell)
      .join(',');
  const messy = (index: number): string =>
    [
      index % 9 === 0 ? -999 : index,
      ['Red', 'red ', 'RED', 'blue'][index % 4],
      index % 10 === 0 ? 'abc' : index,
      `"$1,${100 + index}.50"`,
      `${(index % 12) + 1}/0${(index % 9) + 1}/2020`,
      index % 7 === 0 ? 'n/a' : `${index}.5`,
      index % 8 === 0 ? `03/${10 + (index % 20)}/2021` : `2021-03-${10 + (index % 20)}`,
      1990 + (index % 20),
      'same',
      '',
      index === 3 ? '1901-01-01' : `2024-05-${10 + (index % 20)}`,
    ].join(',');
  const cases: [string, string | Uint8Array][] = [
    ['a single cell', 'a\n1\n'],
    ['one column without a header', rows(30, (index) => String(index))],
    [
      'names and values that would break SQL, HTML and Markdown',
      `${hostile.map(cell).join(',')}\n${rows(30, hostileRow)}\n`,
    ],
    ['semicolons, a mark and CRLF', `\ufeffname;amount\r\n${rows(30, (index) => `n${index % 4};${index}\r`)}\n`],
    [
      'sentinels, spellings, spaces, mixed content, money, ambiguous dates, stand-ins, two formats, years, constants, gaps and copies',
      `v,w,x,price,day,gap,when,year,one,none,far\n${rows(60, messy)}\n${messy(1)}\n`,
    ],
    [
      'nested JSON',
      JSON.stringify(
        Array.from({ length: 30 }, (_, index) => ({
          a: index,
          'b/~"c': { d: [index % 2, null] },
          e: index % 3 ? 'x' : null,
        })),
      ),
    ],
    [
      'a JSON object around the rows',
      JSON.stringify({ meta: 1, items: Array.from({ length: 30 }, (_, index) => ({ a: index, b: index % 2 === 0 })) }),
    ],
    [
      'times',
      `at,v\n${rows(48, (index) => `2024-01-0${1 + Math.floor(index / 24)}T${String(index % 24).padStart(2, '0')}:30:00Z,${index}`)}\n`,
    ],
  ];
  it.each(cases)('%s', async (_what, content) => {
    room.write('odd', content);
    const run = await runPlan(room, 'odd');
    expect(run.outputs.open?.tolerant).toBe(false);
    expect(broken(await verifyRun(room, run, { source: 'odd' }))).toEqual([]);
    expect(run.html).not.toMatch(/<script|<img/i);
  });

  it('finds every kind of mess that was put in', async () => {
    room.write('messy.csv', `v,w,x,price,day,gap,when,year,one,none,far\n${rows(60, messy)}\n${messy(1)}\n`);
    const open = await callTool(room, 'data.open', { source: 'messy.csv' });
    const table = open.output?.table ?? null;
    const profile = (await callTool(room, 'data.profile', { table })).output?.profile ?? null;
    const quality = await callTool(room, 'data.quality', { table, profile });
    const { findings } = JSON.parse(
      room.read(quality.output?.quality as unknown as ArtifactRef).toString('utf8'),
    ) as Quality;
    const found = findings.map(({ kind, column, count }) => `${kind} ${column ?? ''} ${count}`).sort();
    expect(found).toEqual([
      'ambiguous_dates day 61',
      'constant one 61',
      'date_formats when 8',
      'duplicate_rows  1',
      'empty_column none 61',
      'far_dates far 1',
      'missing gap 9',
      'missing_tokens gap 9',
      'mixed_types x 6',
      'numbers_as_text price 61',
      'padded_text w 16',
      'placeholder v 7',
      'spelling_variants w 30',
    ]);
  });

  it('three hundred columns', async () => {
    const names = Array.from({ length: 300 }, (_, index) => `column ${index}`).join(',');
    room.write(
      'wide.csv',
      `${names}\n${rows(20, (row) => Array.from({ length: 300 }, (_, index) => (row * index) % 17).join(','))}\n`,
    );
    const run = await runPlan(room, 'wide.csv');
    expect(broken(await verifyRun(room, run, { source: 'wide.csv' }))).toEqual([]);
  });
});

describe('what a goal asks for', () => {
  beforeEach(
    () =>
      void room.write(
        'sales.csv',
        `Region,Unit Price,note\n${rows(60, (index) => `${['north', 'south'][index % 2]},${index % 2 ? 10 + index : index},n${index}`)}\n`,
      ),
  );

  it('groups by the named column, whatever its case', async () => {
    const run = await runPlan(room, 'sales.csv', { by: 'region', measure: 'unit_price' });
    expect(run.outputs.aggregate).toMatchObject({ by: 'Region', measure: 'Unit Price' });
    expect(broken(await verifyRun(room, run, { source: 'sales.csv', by: 'region' }))).toEqual([]);
  });

  it('refuses a column that is not there, naming the nearest', async () => {
    await expect(runPlan(room, 'sales.csv', { by: 'regoin' })).rejects.toThrow(/data\.unknown_column.*"Region"/);
  });

  it('refuses to measure text', async () => {
    await expect(runPlan(room, 'sales.csv', { measure: 'note' })).rejects.toThrow(
      /data\.not_a_number(?!.*decimal comma)/,
    );
    room.write(
      'bank.csv',
      ['day;amount', '2024-01-05;"-1.009,24"', '2024-01-06;"25,10"', '2024-01-07;"7,00"'].join('\n'),
    );
    await expect(runPlan(room, 'bank.csv', { measure: 'amount' })).rejects.toThrow(/not_a_number.*decimal comma/);
  });
});
