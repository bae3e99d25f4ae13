import { runTool } from '../../registry/run-tool';
import type { Opened } from '../schemas';
import { type LocalRoom, localRoom } from '../testing/local-room';
import { dataOpen, dataOpenTolerant } from './open.tool';

let room: LocalRoom;
beforeEach(() => (room = localRoom()));
afterEach(() => room.remove());

const open = async (source: string) => runTool(dataOpen, { source }, room.context);
const opened = async (source: string) => {
  const run = await open(source);
  if (!run.ok) throw new Error(JSON.stringify(run.error));
  return run.value as Opened;
};

describe('real data', () => {
  it.each([
    ['sample:weather.csv', 'csv', 2922, ['text', 'date', 'number', 'number', 'number', 'number', 'text']],
    ['sample:stocks.csv', 'csv', 560, ['text', 'date', 'number']],
    ['sample:unemployment.tsv', 'csv', 3218, ['integer', 'number']],
    ['sample:cars.json', 'json', 406, undefined],
    ['sample:movies.json', 'json', 3201, undefined],
  ])('opens %s', async (source, format, rows, types) => {
    const output = await opened(source);
    console.log(JSON.stringify(output.columns));
    expect(output).toMatchObject({ rows, source: { format, given: source }, repairs: [] });
    if (types) expect(output.columns.map(({ type }) => type)).toEqual(types);
  });
  it('opens 3m', async () => {
    const output = await opened('sample:flights-3m.parquet');
    console.log(JSON.stringify(output));
  });
});
