import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Duck, openDuck } from '../jobs/duck';
import type { ProfileColumn } from '../model';
import { holdersOf } from './find-values';

/** `abcdef` in as many ways of small and capital letters as asked for. */
const spellings = (count: number): string[] =>
  Array.from({ length: count }, (_, bits) =>
    [...'abcdef'].map((letter, place) => ((bits >> place) & 1 ? letter.toUpperCase() : letter)).join(''),
  );
const columns = [{ name: 'name', type: 'text' }] as unknown as ProfileColumn[];

let scratch: string;
let duck: Duck;
beforeEach(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'gk-values-'));
  duck = await openDuck(scratch);
});
afterEach(() => {
  duck.close();
  rmSync(scratch, { recursive: true });
});

async function hold(count: number): Promise<void> {
  await duck.run(
    `CREATE TABLE t AS SELECT unnest([${spellings(count)
      .map((one) => `'${one}'`)
      .join(', ')}]) AS name`,
  );
}

it('takes every spelling of a value', async () => {
  await hold(50);
  const [found] = await holdersOf(duck, columns, 'ABCDEF');
  expect(new Set(found?.values)).toEqual(new Set(spellings(50)));
});

it('tells of more spellings than it can take, and leaves none out', async () => {
  await hold(51);
  await expect(holdersOf(duck, columns, 'abcdef')).rejects.toThrow(/condition_unclear|more than 50 ways/);
});
