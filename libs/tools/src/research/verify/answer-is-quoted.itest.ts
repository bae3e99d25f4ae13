import type { JsonObject } from '@goalkeeper/domain';
import { openTestStore, type TestStore } from '@goalkeeper/testing';
import { broken } from '../../data/testing/run-plan';
import { type LocalRoom, localRoom } from '../../data/testing/local-room';
import type { ArtifactRef } from '../../definition';
import { renderHtml, renderMarkdown } from '../draft/render';
import type { Answer } from '../model';
import { type ResearchRun, runResearch, verifyResearch } from '../testing/run-research';

jest.setTimeout(120_000);

const A = 'Bees dance to tell where food is.\n\nThe dance has the form of an eight.\n';
const B = 'Ants lay trails of scent. Bees do not dance for ants.\n';
const question = 'How do bees dance?';
const sources = ['a.txt', 'b.txt'];

let store: TestStore;
let room: LocalRoom;
let honest: ResearchRun;

beforeAll(async () => {
  store = await openTestStore(2);
  room = localRoom();
  room.write('a.txt', A);
  room.write('b.txt', B);
  const ref = await store.goal();
  honest = await store.database.tenant(ref.tenantId, (tx) =>
    runResearch(room, { ...ref, query: (sql, parameters) => tx.query(sql, parameters) }, { question, sources }),
  );
});
beforeEach(() => {
  room.write('a.txt', A);
  room.write('b.txt', B);
});
afterAll(async () => {
  room.remove();
  await store.close();
});

interface Pages {
  readonly html: string;
  readonly markdown: string;
}

/** Stores changed files with hashes that fit, as a liar who knows the format would. */
async function forged(
  change: (answer: Answer) => void,
  repaint: (pages: Pages) => Pages = (same) => same,
): Promise<ResearchRun> {
  const answer = structuredClone(honest.answer);
  change(answer);
  const { html, markdown } = repaint({ html: renderHtml(answer), markdown: renderMarkdown(answer) });
  const put = (name: string, text: string): Promise<ArtifactRef> =>
    room.context.artifacts.put({ name, mediaType: 'text/plain', content: Buffer.from(text) });
  const files = [
    await put('answer.html', html),
    await put('answer.md', markdown),
    await put('answer.json', JSON.stringify(answer)),
  ];
  const [one, two, three] = files;
  const draft = {
    ...honest.outputs.draft,
    html: one,
    markdown: two,
    json: three,
    found: answer.found,
    quotes: answer.quotes.length,
  };
  const outputs = { ...honest.outputs, draft: draft as unknown as JsonObject };
  return { ...honest, answer, html, markdown, outputs, produced: files };
}

const verdict = async (run: ResearchRun, args: JsonObject = { question, sources }): Promise<string> =>
  broken(await verifyResearch(room, run, args)).join('\n');
const first = (answer: Answer): Answer['quotes'][number] => answer.quotes[0] as Answer['quotes'][number];
const change = (what: Partial<Answer['quotes'][number]>) => (answer: Answer) => void Object.assign(first(answer), what);

it('holds for an honest answer, and for a copy that changes nothing', async () => {
  expect(honest.answer.quotes.length).toBeGreaterThan(1);
  expect(await verdict(honest)).toBe('');
  expect(await verdict(await forged(() => undefined))).toBe('');
});

describe.each([
  ['a changed word', change({ quote: 'Bees sing to tell where food is.' }), 'stand there: q1 does not'],
  ['a quote cut short', change({ quote: 'Bees dance to tell where food' }), 'stand there: q1 does not'],
  ['an empty quote', change({ quote: '', to: 0 }), 'stand there: q1 does not'],
  ['another place', change({ from: 1, to: 34 }), 'stand there: q1 does not'],
  ['a place outside', change({ from: 9_000, to: 9_033 }), 'stand there: q1 does not'],
  ['another line', change({ line: 2 }), 'stand there: q1 does not'],
  ['another document', change({ document: 1 }), 'does not'],
  ['a document that is not listed', change({ document: 7 }), 'every quote has its place'],
  [
    'another question',
    (answer: Answer) => void Object.assign(answer, { question: 'What do ants do?' }),
    'it answers what was asked',
  ],
  [
    'a document of somebody else',
    (answer: Answer) => void Object.assign(answer.documents[0] ?? {}, { source: 'secret.txt' }),
    'it quotes documents of the goal alone: secret.txt',
  ],
  [
    'another hash',
    (answer: Answer) => void Object.assign(answer.documents[0] ?? {}, { sha256: '0'.repeat(64) }),
    'a.txt is what was read',
  ],
  [
    'an answer that is kept back',
    (answer: Answer) =>
      void Object.assign(answer, { found: false, quotes: [], sections: [], question: 'dance form eight' }),
    'no document holds what was said not to be found',
  ],
  [
    'a find without a quote',
    (answer: Answer) => void Object.assign(answer, { quotes: [], sections: [] }),
    'what was found is quoted',
  ],
  [
    'a quote without a place in the answer',
    (answer: Answer) => void answer.sections.pop(),
    'every quote has its place',
  ],
])('%s', (_what, lie, expected) => {
  it('is seen', async () => {
    const said = await verdict(await forged(lie));
    expect(said).not.toBe('');
    expect(said).toContain(expected);
  });
});

describe.each([
  [
    'on the page',
    ({ html, markdown }: Pages) => ({ html: html.replace('Bees dance', 'Bees sing'), markdown }),
    'answer.html',
  ],
  [
    'in the Markdown',
    ({ html, markdown }: Pages) => ({ html, markdown: markdown.replace('Bees dance', 'Bees sing') }),
    'answer.md',
  ],
  [
    'in a place',
    ({ html, markdown }: Pages) => ({ html: html.replace('line 1,', 'line 3,'), markdown }),
    'answer.html',
  ],
  [
    'by a quotation more',
    ({ html, markdown }: Pages) => ({
      html: html.replace('</main>', '<blockquote>Bees sing.</blockquote></main>'),
      markdown,
    }),
    'nothing is quoted that is no quote',
  ],
  [
    'by a script',
    ({ html, markdown }: Pages) => ({ html: html.replace('</main>', '<script>1</script></main>'), markdown }),
    'the page runs nothing',
  ],
])('a change %s alone', (_where, repaint, expected) => {
  it('is seen', async () => expect(await verdict(await forged(() => undefined, repaint))).toContain(expected));
});

it('is red when a document was changed, or has gone', async () => {
  room.write('a.txt', A.replace('dance', 'sing'));
  expect(await verdict(honest)).toContain('a.txt is what was read');
  expect(
    await verdict(
      await forged(({ documents }) => void documents.forEach((one) => Object.assign(one, { source: 'gone.txt' }))),
      { question },
    ),
  ).toContain('source.missing');
});

it('is red when a file of the answer is missing, changed or not listed', async () => {
  expect(await verdict({ ...honest, produced: [] })).toContain('answer.html is listed for the client');
  const draft = {
    ...honest.outputs.draft,
    json: { ...(honest.outputs.draft?.json as object), sha256: 'f'.repeat(64) },
  };
  expect(await verdict({ ...honest, outputs: { draft: draft } })).toContain(
    'answer.json is there and whole: it is missing',
  );
  expect(await verdict({ ...honest, outputs: {} })).toContain('an answer was written');
});
