import { broken, callTool, runPlan, verifyRun } from './testing/run-plan';
import { type LocalRoom, localRoom } from './testing/local-room';

jest.setTimeout(60_000);

let room: LocalRoom;
beforeEach(() => (room = localRoom()));
afterEach(() => room.remove());

const rows = (count: number, row: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => row(index)).join('\n');

describe('what cannot be opened ends in a clear failure, strictly and tolerantly', () => {
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
    const tolerant = await callTool(room, 'data.open-tolerant', { source: 'input' });
    expect([strict.error?.code, tolerant.error?.code]).toEqual([code, code]);
    expect(strict.error).toMatchObject({ transient: false });
    expect(strict.error?.message).toContain('input');
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
  const hostile = '"; DROP TABLE t; --';
  const cases: [string, string | Uint8Array][] = [
    ['one column', `city\n${rows(30, (index) => ['Rome', 'Paris', 'Oslo'][index % 3] ?? '')}\n`],
    ['a single cell', 'a\n1\n'],
    ['no header', rows(30, (index) => `${index},${index * 2},x${index % 3}`)],
    [
      'a column that would break SQL',
      `${JSON.stringify(hostile).replace('\\"', '""')},b\n${rows(30, (index) => `${index % 4},v${index % 2}`)}\n`,
    ],
    [
      'mark-up in names and values',
      `"<script>alert(1)</script>",b\n${rows(30, (index) => `<img src=x onerror=alert(${index % 2})>,${index}`)}\n`,
    ],
    [
      'Markdown in names and values',
      `"a|b\`c",*d*\n${rows(30, (index) => `"[x](y) \`\`${index % 3}\`\` | # z",${index}`)}\n`,
    ],
    ['line ends inside of cells', `id,note\n${rows(30, (index) => `${index},"line ${index % 3}\nnext ""line"""`)}\n`],
    ['an apostrophe and a wildcard', `it's,%_*\n${rows(30, (index) => `o'neil ${index % 3},${index}`)}\n`],
    ['semicolons, a mark and CRLF', `\ufeffname;amount\r\n${rows(30, (index) => `n${index % 4};${index}\r`)}\n`],
    ['numbers with stand-ins', `a,b\n${rows(30, (index) => (index % 7 === 0 ? 'n/a,x' : `${index}.5,y`))}\n`],
    [
      'sentinels, variants, spaces and mixed content',
      `v,w,x\n${rows(60, (index) => `${index % 9 === 0 ? -999 : index},${['Red', 'red ', 'RED', 'blue'][index % 4]},${index % 10 === 0 ? 'abc' : index}`)}\n`,
    ],
    [
      'money as text',
      `price,day\n${rows(40, (index) => `"$1,${100 + index}.50",${(index % 12) + 1}/0${(index % 9) + 1}/2020`)}\n`,
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
    ['duplicates and constants', `a,b\n${rows(40, (index) => `${index % 5},same`)}\n`],
    [
      'times',
      `at,v\n${rows(48, (index) => `2024-01-0${1 + Math.floor(index / 24)}T${String(index % 24).padStart(2, '0')}:30:00Z,${index}`)}\n`,
    ],
    [
      'dates in two formats',
      `at,v\n${rows(40, (index) => (index % 8 === 0 ? `0${(index % 9) + 1}/15/2021,1` : `2021-03-${10 + (index % 20)},2`))}\n`,
    ],
    ['years', `year,v,g\n${rows(60, (index) => `${1990 + (index % 20)},${index * 1.5},${index % 3 ? 'a' : 'b'}`)}\n`],
  ];
  it.each(cases)('%s', async (_what, content) => {
    room.write('odd', content);
    const run = await runPlan(room, 'odd');
    expect(run.outputs.open?.tolerant).toBe(false);
    expect(broken(await verifyRun(room, run, { source: 'odd' }))).toEqual([]);
    expect(run.html).not.toMatch(/<script|<img/i);
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
    await expect(runPlan(room, 'sales.csv', { measure: 'note' })).rejects.toThrow('data.not_a_number');
  });
});
