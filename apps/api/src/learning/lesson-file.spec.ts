import { MOST_LESSONS, readLessonFile } from './lesson-file';

const LESSON = {
  ...{ kind: 'intent', key: 'a', body: { task: 't', stems: ['a'], goals: 2 }, tasks: ['t'], versions: {} },
  ...{ status: 'active', digest: 'x' },
};
const FILE = { format: 'goalkeeper-lessons-1', exportedAt: '2026-11-23T05:00:00.000Z', lessons: [LESSON] };
const read = (text: string | Uint8Array) =>
  readLessonFile(typeof text === 'string' ? new TextEncoder().encode(text) : text);
const withLesson = (told: object): string => JSON.stringify({ ...FILE, lessons: [LESSON, { ...LESSON, ...told }] });
/** As exports are written: one lesson a line. */
const lined = (...lessons: readonly string[]): string =>
  `{"format":"${FILE.format}","exportedAt":"${FILE.exportedAt}","lessons":[\n${lessons.join(',\n')}\n]}\n`;

describe('a file of lessons', () => {
  it.each([
    ['on one line', JSON.stringify(FILE), [1]],
    ['laid out', JSON.stringify({ ...FILE, lessons: [LESSON, LESSON] }, null, 2), [5, 22]],
    ['one on a line', lined(JSON.stringify(LESSON), JSON.stringify(LESSON)), [2, 3]],
    ['in another order', JSON.stringify({ lessons: [LESSON], exportedAt: FILE.exportedAt, format: FILE.format }), [1]],
    ['without any', JSON.stringify({ ...FILE, lessons: [] }), []],
    ['with brackets in texts', withLesson({ key: '"]},{["\\' }), [1, 1]],
  ])('is read %s, each lesson with its line', (_how, text, lines) => {
    const { lessons, faults } = read(text);
    expect(faults).toEqual([]);
    expect(lessons.map(({ line }) => line)).toEqual(lines);
    const own = (JSON.parse(text) as { lessons: object[] }).lessons;
    expect(lessons.map(({ lesson }) => lesson)).toEqual(own);
  });

  it.each([
    ['nothing', '', 1, /object is expected/],
    ['a list', '[]', 1, /object is expected/],
    ['no lessons', '{"format":"goalkeeper-lessons-1","exportedAt":"2026-11-23T05:00:00Z"}', 1, /lessons/],
    ['another format', JSON.stringify({ ...FILE, format: 'other' }), 1, /format/],
    ['something more', JSON.stringify({ ...FILE, tenantId: 'x' }), 1, /tenantId/],
    ['lessons twice', `${JSON.stringify(FILE).slice(0, -1)},"lessons":[]}`, 1, /twice/],
    ['no list of lessons', JSON.stringify({ ...FILE, lessons: {} }), 1, /list of lessons/],
    ['a file that was cut', lined(JSON.stringify(LESSON), JSON.stringify(LESSON)).slice(0, -40), 3, /no end/],
    ['something behind it', `${lined()}\n{}`, 5, /follow/],
    ['NaN', lined(JSON.stringify(LESSON), '{"kind": NaN}'), 3, /NaN|JSON/],
    ['no comma', lined(`${JSON.stringify(LESSON)}\n${JSON.stringify(LESSON)}`), 3, /comma/],
    ['a number', lined('7'), 2, /object/],
    ['an unknown kind', lined(JSON.stringify({ ...LESSON, kind: 'spell' })), 2, /Invalid/],
    ['an id of its own', lined(JSON.stringify({ ...LESSON, id: 'les_1' })), 2, /id/],
    ['goals of another tenant', lined(JSON.stringify({ ...LESSON, sources: ['goal_1'] })), 2, /sources/],
    [
      'a prototype',
      lined(JSON.stringify(LESSON).replace('{"task"', '{"__proto__":{"x":1},"task"')),
      2,
      /what the object is/,
    ],
    ['a prototype of the file', `{"__proto__":{},${JSON.stringify(FILE).slice(1)}`, 1, /may not stand here/],
    ['NUL', lined(JSON.stringify({ ...LESSON, key: '\u0000' })), 2, /NUL/],
    ['a depth without end', lined(`${'['.repeat(200_000)}${']'.repeat(200_000)}`), 2, /deeper/],
    ['a lesson without end', lined(JSON.stringify({ ...LESSON, key: 'x'.repeat(600_000) })), 2, /longer than/],
    ['too many', lined(...Array<string>(MOST_LESSONS + 1).fill(JSON.stringify(LESSON))), MOST_LESSONS + 2, /more than/],
  ])('is refused for %s, with the line and the reason', (_what, text, line, reason) => {
    const [fault] = read(text).faults;
    expect(fault).toMatchObject({ line, message: expect.stringMatching(reason) });
  });

  it('is refused where it is not UTF-8', () => {
    expect(read(Uint8Array.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])).faults).toMatchObject([
      { line: 1, message: 'it is not UTF-8' },
    ]);
  });

  it('tells of every fault up to fifty, each at its place', () => {
    const { faults } = read(lined(...Array<string>(80).fill(JSON.stringify({ ...LESSON, status: 'loud' }))));
    expect(faults.length).toBe(50);
    expect(faults[3]).toMatchObject({ pointer: '/lessons/3/status', line: 5 });
  });
});
