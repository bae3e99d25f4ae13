import type { Evidence, JsonObject } from '@goalkeeper/domain';
import type { ArtifactRef } from '../../definition';
import { type LocalRoom, localRoom } from '../testing/local-room';
import { broken, callTool } from '../testing/run-plan';
import { tablesAreTrue } from '../verify/tables-are-true';

jest.setTimeout(120_000);

const MESSY = [
  'id,name,town,paid,on',
  '1,  Ada ,London,10.50,2024-01-02',
  '2,Grace,N/A,7,2024-01-03',
  '1,Ada,London,10.5,2024-01-02',
  ',,,,',
  '3,"Ünal, Ö",-,0,2024-02-01',
  '4,Grace,?,7,2024-01-03',
  '',
].join('\n');
const OLD = 'id,name,price\n1,pear,2.0\n2,plum,3\n3,fig,4\n4,lime,5\n';
const NEW = 'id,name,price,stock\n1,pear,2,9\n2,plum,3.5,8\n4,lime,5,7\n5,kiwi,6,6\n';
const TOWNS = 'name,country\nLondon,UK\nParis,FR\nLondon,CA\n';
const PEOPLE = 'person,name\nAda,London\nJean,Paris\nBob,Rome\n';

let room: LocalRoom;
const files = { 'messy.csv': MESSY, 'old.csv': OLD, 'new.csv': NEW, 'towns.csv': TOWNS, 'people.csv': PEOPLE };
beforeAll(() => (room = localRoom()));
beforeEach(() => Object.entries(files).forEach(([name, text]) => room.write(name, text)));
afterAll(() => room.remove());

interface Made {
  readonly output: JsonObject;
  readonly artifacts: readonly ArtifactRef[];
}

async function make(tool: string, sources: Record<string, string>, more: JsonObject = {}): Promise<Made> {
  const args: Record<string, JsonObject> = {};
  for (const [name, source] of Object.entries(sources)) {
    const strict = await callTool(room, 'data.open', { source });
    const opened = strict.ok ? strict : await callTool(room, 'data.open-tolerant', { source });
    args[name] = opened.output ?? {};
  }
  const run = await callTool(room, tool, { ...args, ...more });
  if (!run.ok || !run.output) throw new Error(`${run.error?.code ?? ''}: ${run.error?.message ?? ''}`);
  return { output: run.output, artifacts: run.artifacts };
}

function verdict(name: string, { output, artifacts }: Made, args: JsonObject): Promise<readonly Evidence[]> {
  const verifier = tablesAreTrue.find((one) => one.name === name);
  if (!verifier) throw new Error(`no verifier is called ${name}`);
  return verifier.verify({ name, summary: '', args }, room.verifierContext({ step: output }, artifacts));
}
const textOf = (ref: unknown): string => room.read(ref as ArtifactRef).toString('utf8');
const put = (name: string, text: string): Promise<ArtifactRef> =>
  room.context.artifacts.put({ name, mediaType: 'text/plain', content: Buffer.from(text) });

/** Changes table and account, with hashes that fit each other. */
async function forge(
  made: Made,
  field: string,
  change: { csv?: (text: string) => string; json?: JsonObject },
): Promise<Made> {
  const csv = await put(`${field}.csv`, (change.csv ?? ((text) => text))(textOf(made.output[field])));
  const told = { ...(JSON.parse(textOf(made.output.json)) as JsonObject), ...change.json, result: csv.sha256 };
  const json = await put('told.json', JSON.stringify(told));
  return { output: { ...made.output, [field]: csv as never, json: json as never }, artifacts: [csv, json] };
}

describe('cleaning', () => {
  const args = { source: 'messy.csv' };
  const clean = () => make('data.clean', { opened: 'messy.csv' });

  it('trims, empties what stands for nothing, and leaves out empty and doubled rows', async () => {
    const made = await clean();
    expect(textOf(made.output.cleaned).trim().split('\n').slice(1)).toEqual([
      '1,Ada,London,10.5,2024-01-02',
      '2,Grace,,7.0,2024-01-03',
      '3,"Ünal, Ö",,0.0,2024-02-01',
      '4,Grace,,7.0,2024-01-03',
    ]);
    expect(made.output).toMatchObject({ rows: 6, kept: 4, empty: 1, doubled: 1, cells: 4 });
    expect(broken(await verdict('data.clean_is_true', made, args))).toEqual([]);
  });

  it('counts marks for nothing among numbers and dates as tidied, and empty cells not', async () => {
    const rows = ['id,paid,on,note', '1,N/A,2024-01-02,x', '2,7,-, ?', '3,"",2024-01-04,', '4, - ,n/a,y', '5,2.5,,n/a'];
    room.write('marks.csv', rows.join('\n'));
    const made = await make('data.clean', { opened: 'marks.csv' });
    expect(made.output).toMatchObject({ rows: 5, kept: 5, cells: 6 });
    const asked = { source: 'marks.csv' };
    expect(broken(await verdict('data.clean_is_true', made, asked))).toEqual([]);
    const forged = await forge(made, 'cleaned', { json: { cells: 2 } });
    expect(broken(await verdict('data.clean_is_true', forged, asked)).join()).toContain('2 told, 6 there');
  });

  it.each([
    ['a value', { csv: (text: string) => text.replace('Grace', 'Hans') }, 'no row is missing'],
    ['a number', { csv: (text: string) => text.replace('10.5', '10.6') }, 'no row of the result is made up'],
    ['a row less', { csv: (text: string) => text.replace(/\n4,.*/, '') }, 'no row is missing'],
    ['a row more', { csv: (text: string) => `${text}9,Eve,,1,2024-01-01\n` }, 'made up'],
    ['a column name', { csv: (text: string) => text.replace('town', 'city') }, 'the columns of the result'],
    ['a count', { json: { kept: 5 } }, 'as many rows are told'],
    ['a count of cells', { json: { cells: 5 } }, 'as many cells are told'],
    ['another source', { json: { left: null } }, 'what was told can be read'],
  ])('turns red for %s', async (_what, change, expected) => {
    const said = broken(await verdict('data.clean_is_true', await forge(await clean(), 'cleaned', change), args));
    expect(said.join('\n')).toContain(expected);
  });

  it('turns red when the source was changed, is another, or a file is not listed', async () => {
    const made = await clean();
    expect(broken(await verdict('data.clean_is_true', made, { source: 'old.csv' })).join()).toContain(
      'about the sources',
    );
    expect(broken(await verdict('data.clean_is_true', { ...made, artifacts: [] }, args)).join()).toContain('listed');
    room.write('messy.csv', MESSY.replace('Grace', 'Hedy'));
    expect(broken(await verdict('data.clean_is_true', made, args)).join()).toContain('is the one that was read');
  });
});

describe('comparing', () => {
  const args = { left: 'old.csv', right: 'new.csv' };
  const compare = (key?: string) => make('data.compare', args, key ? { key } : {});

  it('finds the key that names the rows of both tables, and says so', async () => {
    const made = await compare();
    expect(made.output).toMatchObject({
      key: 'id',
      keyWhy: 'found',
      leftRows: 4,
      rightRows: 4,
      onlyLeft: 1,
      onlyRight: 1,
      changed: 1,
    });
    expect(made.output.keyNote).toContain('matched by id, which stands once in every row of both tables');
    expect(broken(await verdict('data.comparison_is_true', made, args))).toEqual([]);
  });

  it.each([
    ['a name of a key first', 'sku,label\n9,a\n8,b\n7,c\n', 'sku,label\n9,a\n8,b\n7,x\n', 'sku'],
    ['what both share most', 'town,mayor\nA,x\nB,y\nC,z\n', 'town,mayor\nA,x\nB,y\nC,w\n', 'town'],
    ['no measured number', 'price,kind\n1.5,a\n2.5,a\n', 'price,kind\n1.5,b\n2.5,a\n', null],
    ['no column with a gap', 'sku,kind\n1,a\n,a\n', 'sku,kind\n1,b\n,a\n', null],
    ['no column whose values are others', 'remark,kind\nu,a\nv,a\n', 'remark,kind\nw,b\nx,a\n', null],
  ])('takes for a key %s', async (_what, left, right, key) => {
    room.write('left.csv', left);
    room.write('right.csv', right);
    const sides = { left: 'left.csv', right: 'right.csv' };
    const made = await make('data.compare', sides);
    expect(made.output).toMatchObject({ key, keyWhy: key === null ? 'none' : 'found' });
    expect(broken(await verdict('data.comparison_is_true', made, sides))).toEqual([]);
  });

  it('counts rows as wholes where no column names them, and says so', async () => {
    const sides = { left: 'towns.csv', right: 'people.csv' };
    const made = await make('data.compare', sides);
    expect(made.output).toMatchObject({ key: null, keyWhy: 'none', onlyLeft: 1, onlyRight: 1, changed: 0 });
    expect(made.output.keyNote).toContain('No column names the rows');
    expect(broken(await verdict('data.comparison_is_true', made, sides))).toEqual([]);
    const refused = await make('data.compare', sides, { refused: 'name' });
    expect(broken(await verdict('data.comparison_is_true', refused, { ...sides, key: 'name' }))).toEqual([]);
  });

  it('tells by a key which rows went, came and changed, with the old and the new values', async () => {
    const made = await compare('ID');
    expect(made.output).toMatchObject({ key: 'id', keyWhy: 'given', onlyLeft: 1, onlyRight: 1, changed: 1 });
    expect(textOf(made.output.differences).trim().split('\n').sort()).toEqual([
      '2,changed,price,3,3.5',
      '3,removed,id,3,',
      '3,removed,name,fig,',
      '3,removed,price,4,',
      '5,added,id,,5',
      '5,added,name,,kiwi',
      '5,added,price,,6',
      'key,difference,column,old,new',
    ]);
    expect(broken(await verdict('data.comparison_is_true', made, { ...args, key: 'id' }))).toEqual([]);
  });

  it.each([
    ['an old value', (text: string) => text.replace('3,3.5', '9,3.5')],
    ['a new value', (text: string) => text.replace('3,3.5', '3,9.5')],
    ['a line less', (text: string) => text.replace(/\n3,removed,name.*/, '')],
    ['a line more', (text: string) => `${text}1,changed,price,2,8\n`],
  ])('turns red for %s in the file', async (_what, csv) => {
    const made = await forge(await compare('id'), 'differences', { csv });
    expect(broken(await verdict('data.comparison_is_true', made, args)).join()).toContain('the lines of differences');
  });

  it('turns red where another key was taken than asked, or one that names no row', async () => {
    const made = await compare('id');
    expect(broken(await verdict('data.comparison_is_true', made, { ...args, key: 'name' })).join()).toContain(
      'as asked',
    );
    const blind = await forge(await compare('id'), 'differences', { json: { key: null } });
    expect(broken(await verdict('data.comparison_is_true', blind, args)).join()).toContain('no column names the rows');
  });

  it.each(['leftRows', 'rightRows', 'onlyLeft', 'onlyRight', 'changed'])('turns red for a wrong %s', async (name) => {
    const made = await forge(await compare('id'), 'differences', { json: { [name]: 9 } });
    expect(broken(await verdict('data.comparison_is_true', made, args)).join()).toContain(
      `${name} is that of the sources`,
    );
  });

  it('refuses keys that name no row, and columns that are not there', async () => {
    await expect(make('data.compare', { left: 'towns.csv', right: 'people.csv' }, { key: 'name' })).rejects.toThrow(
      'data.key_not_unique',
    );
    await expect(compare('colour')).rejects.toThrow('data.unknown_column');
    await expect(make('data.compare', { left: 'old.csv', right: 'towns.csv' })).resolves.toBeDefined();
  });
});

describe('joining', () => {
  const args = { left: 'people.csv', right: 'towns.csv' };
  const join = () => make('data.join', args);

  it('puts rows together that have the same value', async () => {
    const made = await join();
    expect(made.output).toMatchObject({ key: 'name', rows: 3 });
    expect(textOf(made.output.joined)).toBe('person,name,country\nAda,London,UK\nAda,London,CA\nJean,Paris,FR\n');
    expect(broken(await verdict('data.join_is_true', made, args))).toEqual([]);
  });

  it.each([
    ['a row less', { csv: (text: string) => text.replace('Jean,Paris,FR\n', '') }, 'no row is missing'],
    ['a wrong partner', { csv: (text: string) => text.replace('Paris,FR', 'Paris,UK') }, 'made up'],
    ['a row twice', { csv: (text: string) => `${text}Jean,Paris,FR\n` }, 'made up'],
    ['a wrong count', { json: { rows: 4 } }, 'as many rows are told'],
  ])('turns red for %s', async (_what, change, expected) => {
    const said = broken(await verdict('data.join_is_true', await forge(await join(), 'joined', change), args));
    expect(said.join('\n')).toContain(expected);
  });

  it('asks for a column where several fit', async () => {
    await expect(make('data.join', { left: 'old.csv', right: 'new.csv' })).rejects.toThrow('data.unknown_column');
    const made = await make('data.join', { left: 'old.csv', right: 'new.csv' }, { on: 'id' });
    expect(textOf(made.output.joined).split('\n')[0]).toBe('id,name,price,name_2,price_2,stock');
    const sides = { left: 'old.csv', right: 'new.csv' };
    expect(broken(await verdict('data.join_is_true', made, { ...sides, on: 'ID' }))).toEqual([]);
    expect(broken(await verdict('data.join_is_true', made, { ...sides, on: 'name' })).join()).toContain('as asked');
  });
});
