import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { csvRecords } from '../verify/csv-cells';
import { repairCsv } from './repair-csv';
import { RepairLog } from './repair-log';
import { splitRecords } from './sniff-csv';
import { TextWriter } from './text-writer';

async function repaired(
  text: string,
  width: number,
  pieceLength: number,
): Promise<{ rows: string[][]; repairs: Record<string, number> }> {
  const dir = mkdtempSync(join(tmpdir(), 'gk-repair-'));
  try {
    const pieces = text.match(new RegExp(`[\\s\\S]{1,${pieceLength}}`, 'g')) ?? [];
    const log = new RepairLog();
    const writer = new TextWriter(join(dir, 'clean.csv'));
    await repairCsv(Readable.from(pieces), writer, { delimiter: ',', width, hasHeader: false }, log);
    await writer.end();
    const rows = splitRecords(readFileSync(join(dir, 'clean.csv'), 'utf8'), ',', true);
    return { rows, repairs: Object.fromEntries(log.list().map(({ kind, count }) => [kind, count])) };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

it('fills short rows, drops empty extra cells, leaves long rows out, and counts each', async () => {
  expect(await repaired('a,b\n\n1\n2,3,\n4,5,6\n"x ""y"" z",7\n', 2, 3)).toEqual({
    rows: [
      ['a', 'b'],
      ['1', ''],
      ['2', '3'],
      ['x "y" z', '7'],
    ],
    repairs: { short_rows_padded: 1, empty_extra_cells_dropped: 1, long_rows_left_out: 1 },
  });
});

it('says where an unclosed quote began', async () => {
  const log = new RepairLog();
  const dir = mkdtempSync(join(tmpdir(), 'gk-repair-'));
  const writer = new TextWriter(join(dir, 'clean.csv'));
  await repairCsv(
    Readable.from(['a,b\n1,2\n3,"open\n4,5\n']),
    writer,
    { delimiter: ',', width: 2, hasHeader: true },
    log,
  );
  await writer.end();
  rmSync(dir, { recursive: true, force: true });
  expect(log.list()).toEqual([{ kind: 'unclosed_quote', count: 1, example: 'line 3' }]);
});

it('reads whatever text in whatever pieces as the verifier reads it', async () => {
  const messy = fc.string({ unit: fc.constantFrom('a', '1', ' ', ',', '"', '\n', '\r\n', '\r', 'é'), maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(messy, fc.integer({ min: 1, max: 7 }), async (text, pieceLength) => {
      const width = 3;
      const expected = [...csvRecords(text, ',')]
        .filter(({ cells }) => cells.slice(width).every((cell) => cell.trim() === ''))
        .map(({ cells }) => Array.from({ length: width }, (_, index) => cells[index] ?? ''));
      expect((await repaired(text, width, pieceLength)).rows).toEqual(expected);
    }),
    { numRuns: 150 },
  );
});
