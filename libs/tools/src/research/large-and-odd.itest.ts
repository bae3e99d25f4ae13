import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openTestStore, type StoredGoal, type TestStore } from '@goalkeeper/testing';
import { type LocalRoom, localRoom } from '../data/testing/local-room';
import { broken } from '../data/testing/run-plan';
import { type ResearchRun, runResearch, verifyResearch } from './testing/run-research';

jest.setTimeout(900_000);

let store: TestStore;
let room: LocalRoom;
let ref: StoredGoal;

beforeAll(async () => {
  store = await openTestStore(4);
  room = localRoom();
});
afterAll(async () => {
  room.remove();
  await store.close();
});
beforeEach(async () => (ref = await store.goal()));

const ask = (question: string, sources: string[]): Promise<ResearchRun> =>
  store.database.tenant(ref.tenantId, (tx) =>
    runResearch(room, { ...ref, query: (sql, parameters) => tx.query(sql, parameters) }, { question, sources }),
  );
const verdict = async (run: ResearchRun, question: string, sources: string[]): Promise<string> =>
  broken(await verifyResearch(room, run, { question, sources })).join('\n');
const quotesOf = (run: ResearchRun): string[] => run.answer.quotes.map(({ quote }) => quote);

describe('documents that are written oddly', () => {
  it('with line ends of Windows: a sentence over two lines is quoted as it stands, on its line', async () => {
    room.write('dos.txt', 'First line.\r\n\r\nThe ferry to the island leaves\r\nevery Friday at noon.\r\n');
    const run = await ask('When does the ferry to the island leave?', ['dos.txt']);
    expect(run.answer.quotes).toMatchObject([
      { quote: 'The ferry to the island leaves\r\nevery Friday at noon.', line: 3, from: 15 },
    ]);
    expect(await verdict(run, 'When does the ferry to the island leave?', ['dos.txt'])).toBe('');
  });

  it('with letters put together from parts: the question finds them, the quote keeps them', async () => {
    const text = 'The café Zoë opens at nine.'.normalize('NFD');
    room.write('parts.txt', text);
    const question = 'When does the café Zoë open?'.normalize('NFC');
    const run = await ask(question, ['parts.txt']);
    expect(quotesOf(run)).toEqual([text]);
    expect(await verdict(run, question, ['parts.txt'])).toBe('');
  });

  it('with the same passage in two files: each place is quoted under its own file', async () => {
    mkdirSync(join(room.root, 'twins'), { recursive: true });
    for (const name of ['one', 'two']) room.write(`twins/${name}.txt`, 'The vault code is kept in the blue safe.\n');
    const run = await ask('Where is the vault code kept?', ['twins']);
    expect(run.answer.quotes.map(({ document }) => run.answer.documents[document]?.name).toSorted()).toEqual([
      'twins/one.txt',
      'twins/two.txt',
    ]);
    expect(await verdict(run, 'Where is the vault code kept?', ['twins'])).toBe('');
  });

  it('which hold no answer: nothing is quoted, however many of the words are near', async () => {
    room.write(
      'near.md',
      '# Pets\n\nDogs may use the garden.\n\n# Garden\n\nThe garden opens at eight. Dogs like it.\n',
    );
    for (const question of ['Who pays for the vet of the tortoise?', 'How tall is the lighthouse?']) {
      const run = await ask(question, ['near.md']);
      expect([question, run.answer.found, quotesOf(run)]).toEqual([question, false, []]);
      expect(await verdict(run, question, ['near.md'])).toBe('');
    }
  });

  it('which say it in other forms of the words', async () => {
    room.write('forms.txt', 'Nothing here.\n\nEmployees who are travelling get their expenses refunded monthly.\n');
    const run = await ask('Is an expense of an employee who travels refundable each month?', ['forms.txt']);
    expect(quotesOf(run)).toEqual(['Employees who are travelling get their expenses refunded monthly.']);
  });

  it('beside others that are no text: those are named in the answer', async () => {
    mkdirSync(join(room.root, 'mixed-kinds'), { recursive: true });
    room.write('mixed-kinds/a.txt', 'The lift is inspected every spring.');
    room.write('mixed-kinds/scan.pdf', '%PDF-1.7');
    const run = await ask('When is the lift inspected?', ['mixed-kinds']);
    expect(run.answer.skipped).toMatchObject([{ source: 'mixed-kinds/scan.pdf' }]);
    expect(run.markdown).toContain('mixed\\-kinds\\/scan\\.pdf\\: left out');
    expect(await verdict(run, 'When is the lift inspected?', ['mixed-kinds'])).toBe('');
  });
});

describe('large collections', () => {
  /** By hand: GK_TEST_DOCUMENTS=10000, for 200 MB. */
  const documents = Number(process.env.GK_TEST_DOCUMENTS ?? 400);

  it('are read with progress, stored as far as the question needs it, and weighed as if they were stored whole', async () => {
    mkdirSync(join(room.root, 'large'), { recursive: true });
    const filler = 'The committee met on the third floor and talked about chairs, lamps and the colour of doors.';
    for (let index = 0; index < documents; index += 1) {
      const paragraphs = Array.from({ length: 55 }, (_, at) => `Part ${index}.${at}. ${`${filler} `.repeat(4)}`);
      if (index % 100 === 7) paragraphs.splice(20, 0, `Beacon ${index} was dying of thirst before the keeper came.`);
      if (index === documents - 1) paragraphs.push('The beacon of Harrow was lit by Ottoline in 1887.');
      room.write(`large/${String(index).padStart(5, '0')}.txt`, paragraphs.join('\n\n'));
    }
    const question = 'Who lit the beacon of Harrow?';
    const told: unknown[] = [];
    const heartbeat = room.context.heartbeat;
    Object.assign(room.context, { heartbeat: (value: unknown) => told.push(value) });
    const began = process.hrtime.bigint();
    const run = await ask(question, ['large']);
    const verified = await verdict(run, question, ['large']);
    const seconds = Number(process.hrtime.bigint() - began) / 1e9;
    Object.assign(room.context, { heartbeat });
    expect(quotesOf(run)).toEqual(['The beacon of Harrow was lit by Ottoline in 1887.']);
    expect(verified).toBe('');
    expect(told.length).toBeGreaterThan(10);
    const [counts] = await store.server.query<{ passages: number; stored: number; terms: Record<string, number> }>(
      `SELECT passages, (SELECT count(*)::int FROM research_passage p WHERE p.goal_id = c.goal_id) AS stored,
         (SELECT jsonb_object_agg(t.lexeme, t.passages) FROM research_term t
           WHERE t.goal_id = c.goal_id AND t.lexeme IN ('beacon', 'lit', 'harrow')) AS terms
       FROM research_corpus c WHERE goal_id = $1`,
      [ref.goalId],
    );
    const marks = Math.floor((documents - 8) / 100) + 1;
    expect(counts).toMatchObject({ terms: { beacon: marks + 1, lit: 1, harrow: 1 } });
    expect(counts?.passages).toBe(documents * 55 + marks + 1);
    expect(counts?.stored).toBeLessThan(documents);
    console.info(
      `${documents} documents: ${seconds.toFixed(1)} s, ${counts?.stored} of ${counts?.passages} passages stored`,
    );
  });
});
