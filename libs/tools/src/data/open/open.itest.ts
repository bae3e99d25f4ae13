import { runTool } from '../../registry/run-tool';
import type { Opened } from '../schemas';
import { type LocalRoom, localRoom } from '../testing/local-room';
import { dataOpen } from './open.tool';

jest.setTimeout(60_000);

let room: LocalRoom;
beforeEach(() => (room = localRoom()));
afterEach(() => room.remove());

const opened = async (source: string): Promise<Opened> => {
  const run = await runTool(dataOpen, { source }, room.context);
  if (!run.ok) throw new Error(JSON.stringify(run.error));
  return run.value as Opened;
};

it.each([
  ['sample:weather.csv', 'csv', 2922, 'text date number number number number text'],
  ['sample:stocks.csv', 'csv', 560, 'text date number'],
  ['sample:unemployment.tsv', 'csv', 3218, 'integer number'],
  ['sample:cars.json', 'json', 406, 'text number integer number integer integer number date text'],
  [
    'sample:movies.json',
    'json',
    3201,
    'text integer integer integer integer date text integer text text text text text integer number integer',
  ],
])('opens %s and reads its types', async (source, format, rows, types) => {
  const output = await opened(source);
  expect(output).toMatchObject({ rows, tolerant: false, source: { format, given: source }, repairs: [] });
  expect(output.columns.map(({ type }) => type).join(' ')).toBe(types);
});

it('opens three million rows of Parquet', async () => {
  const output = await opened('sample:flights-3m.parquet');
  expect(output).toMatchObject({ rows: 3_000_000, source: { format: 'parquet', encoding: 'binary' } });
  expect(output.columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
    'date timestamp',
    'delay integer',
    'distance integer',
    'origin text',
    'destination text',
  ]);
});

it('keeps codes with leading zeros and long numbers as text', async () => {
  room.write('codes.csv', `zip;card;amount\n01234;4111111111111111;1,5\n99999;4111111111111112;2\n`);
  expect((await opened('codes.csv')).columns.map(({ type }) => type)).toEqual(['text', 'text', 'text']);
});

it('stops the child process when the call is cancelled', async () => {
  const stop = new AbortController();
  const busy = localRoom(stop.signal);
  try {
    const run = runTool(dataOpen, { source: 'sample:flights-3m.parquet' }, busy.context);
    setTimeout(() => stop.abort(new Error('cancelled')), 150);
    await expect(run).rejects.toThrow('cancelled');
  } finally {
    busy.remove();
  }
});
