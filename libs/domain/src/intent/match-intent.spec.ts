import type { TaskDef } from '../planning/pack';
import { extractValues, findMaybePath } from './extract';
import { matchIntent } from './match-intent';
import { stem } from './words';

const aTask = (name: string, params: TaskDef['params'], phrasings: string[]): TaskDef => ({
  name,
  summary: `does ${name}`,
  params,
  phrasings,
  success: [],
});
const tasks = [
  aTask(
    'page.fetch',
    [{ name: 'url', type: 'url', required: true }],
    ['fetch {url}', 'download the page {url}', 'get the page {url}'],
  ),
  aTask(
    'page.watch',
    [
      { name: 'url', type: 'url', required: true },
      { name: 'hours', type: 'number' },
      { name: 'until', type: 'date' },
    ],
    [
      'watch {url}',
      'watch {url} every {hours} hours',
      'watch the page {url} until {until}',
      'tell me when {url} changes',
    ],
  ),
  aTask(
    'page.search',
    [
      { name: 'url', type: 'url', required: true },
      { name: 'words', type: 'text', required: true },
    ],
    ['search {url} for {words}', 'find {words} on the page {url}'],
  ),
];

describe('extracting values', () => {
  const found = (text: string) => extractValues(text).map(({ type, value }) => [type, value]);

  it.each([
    ['analyse ./a/b-c.csv.', [['source', './a/b-c.csv']]],
    ['use sample:weather.csv, please', [['source', 'sample:weather.csv']]],
    ['take art_0192af', [['source', 'art_0192af']]],
    [
      'read "my file.json" and \'x y\'',
      [
        ['source', 'my file.json'],
        ['text', 'x y'],
      ],
    ],
    ['see https://example.com/a.csv?x=1.', [['url', 'https://example.com/a.csv?x=1']]],
    [
      'until 2026-05-01 at 3.5 or -2',
      [
        ['date', '2026-05-01'],
        ['number', 3.5],
        ['number', -2],
      ],
    ],
    ["it's the dog's and v2", []],
    ['/data/Größe.parquet', [['source', '/data/Größe.parquet']]],
    ['analyse /etc/passwd, please', [['source', '/etc/passwd']]],
    ['is ./dump or ~/x/y good, or ../z?', ['./dump', '~/x/y', '../z'].map((path) => ['source', path])],
    ['open "/my files/dump" and /var/data/', ['/my files/dump', '/var/data/'].map((path) => ['source', path])],
    [
      '/analyse apples and/or pears at 5 km/h, 24/7 w/o ... / ./',
      [
        ['number', 5],
        ['number', 24],
        ['number', 7],
        ['source', './'],
      ],
    ],
  ])('%s', (text, expected) => expect(found(text)).toEqual(expected));
});

describe('what may be a path', () => {
  it.each([
    ['analyse data/dump and report', 'data/dump'],
    ['analyse a.b/c/d.', 'a.b/c/d'],
    ['apples and/or pears', 'and/or'],
    ['analyse /etc/passwd and a/b.csv', null],
    ['see https://a.org/x/y, 5/6 of 24/7', null],
  ])('%s', (text, path) => expect(findMaybePath(text)).toBe(path));
});

describe('stems', () => {
  it.each([
    ['analyse', 'analyzing', 'analysed', 'analysis'],
    ['summarise', 'summarize', 'summarizing'],
    ['report', 'reports', 'reporting', 'reported'],
    ['chart', 'charts', 'charting'],
    ['duplicate', 'duplicates', 'duplicated'],
    ['group', 'groups', 'grouped', 'grouping'],
    ['column', 'columns'],
  ])('%s and its forms meet', (...words) => expect(new Set(words.map(stem)).size).toBe(1));
});

describe('matching words to tasks', () => {
  it('fills slots by their types', () => {
    expect(matchIntent('watch https://a.org/x every 6 hours', tasks)).toMatchObject({
      kind: 'task',
      task: { name: 'page.watch', args: { url: 'https://a.org/x', hours: 6 } },
    });
    expect(matchIntent('Please watch the page https://a.org until 2026-05-01', tasks)).toMatchObject({
      task: { args: { url: 'https://a.org', until: '2026-05-01' } },
    });
    expect(matchIntent('search https://a.org for "blue whale"', tasks)).toMatchObject({
      kind: 'task',
      task: { args: { url: 'https://a.org', words: 'blue whale' } },
    });
  });

  it('asks for what is missing', () => {
    expect(matchIntent('search https://a.org for', tasks)).toMatchObject({
      kind: 'ask',
      question: expect.stringContaining('I need words'),
      options: [{ missing: ['words'] }, {}, {}],
    });
  });

  it('asks when two tasks fit alike', () => {
    const file = { name: 'file', type: 'source', required: true } as const;
    const twins = [aTask('a', [file], ['tidy up the room {file}']), aTask('b', [file], ['tidy up the garden {file}'])];
    expect(matchIntent('tidy up x.csv', twins, { plausible: 0.05 })).toMatchObject({
      kind: 'ask',
      question: expect.stringMatching(/^I can do a .* or b .*; which\?$/),
    });
    expect(matchIntent('tidy up the garden x.csv', twins)).toMatchObject({ kind: 'task', task: { name: 'b' } });
  });

  it('trusts words less the more of them it does not know', () => {
    const confidence = (words: string) => {
      const match = matchIntent(words, tasks);
      if (match.kind === 'task') return match.confidence;
      return (match.kind === 'ask' ? match.options : match.kind === 'unknown' ? match.nearest : [])[0]?.confidence ?? 0;
    };
    const falling = [
      'fetch https://a.org',
      'fetch https://a.org quickly',
      'fetch https://a.org quickly, wrap presents',
      'fetch https://a.org, wrap presents, boil seven eggs',
    ].map(confidence);
    expect([...falling].sort((a, b) => b - a)).toEqual(falling);
    expect(falling[3]).toBeLessThan((falling[0] ?? 0) - 0.05);
  });

  it('guesses nothing when the words deny', () => {
    expect(matchIntent('do not fetch https://a.org', tasks).kind).not.toBe('task');
  });

  it('takes what verified goals meant for words of their task', () => {
    const words = 'mirror https://a.org';
    const before = matchIntent(words, tasks);
    const learned = [{ task: 'page.fetch', stems: ['mirror'], goals: 3 }];
    const after = matchIntent(words, tasks, { learned });
    expect(before).not.toMatchObject({ kind: 'task', task: { name: 'page.fetch' } });
    expect(after).toMatchObject({ kind: 'task', task: { name: 'page.fetch', args: { url: 'https://a.org' } } });
  });

  it('understands what cannot be done, and says why', () => {
    const unavailable = [{ task: 'page.fetch', missing: ['http.fetch'], reason: 'needs tool http.fetch' }];
    const match = matchIntent('fetch https://a.org', tasks, { unavailable });
    expect(match).toMatchObject({
      kind: 'unavailable',
      option: { task: { name: 'page.fetch' } },
      reason: 'needs tool http.fetch',
    });
    expect(JSON.stringify(match.kind === 'unavailable' && match.nearest)).not.toContain('page.fetch');
  });

  it.each([
    ['fetsh https://a.org', 'page.fetch'],
    ['donwload the page https://a.org', 'page.fetch'],
  ])('overlooks slips of the pen: %s', (words, name) =>
    expect(matchIntent(words, tasks)).toMatchObject({ kind: 'task', task: { name } }),
  );

  it.each([
    ['watch it for 90 s', 90],
    ['watch it for 1.5 hours', 5400],
    ['watch it every 10 min', 600],
    ['watch it every hour', 3600],
    ['watch it for half an hour', 1800],
  ])('reads durations: %s', (words, seconds) => {
    const url = { name: 'it', type: 'text', required: false } as const;
    const task = aTask(
      't',
      [url, { name: 'time', type: 'duration', required: true }],
      ['watch it {time}', 'watch it every {time}'],
    );
    expect(matchIntent(words, [task], { plausible: 0 })).toHaveProperty('kind');
    const match = matchIntent(words, [task], { plausible: 0, sure: 0 });
    expect(match).toMatchObject({ kind: 'task', task: { args: { time: seconds } } });
  });

  it('knows nothing where nothing is on offer', () => {
    expect(matchIntent('fetch https://a.org', [])).toEqual({ kind: 'unknown', nearest: [] });
  });

  it('stays quick on long paths', () => {
    for (const text of [
      '/a/'.repeat(5000),
      `/${'a/'.repeat(5000)}`,
      `/a/${'.'.repeat(20_000)} x`,
      'a/.'.repeat(5000),
    ]) {
      expect(matchIntent(text, tasks).kind).not.toBe('task');
      findMaybePath(text);
    }
  });

  it('stays quick on long words', () => {
    expect(matchIntent('fetch '.repeat(20_000), tasks).kind).not.toBe('task');
    expect(matchIntent(`${'a/'.repeat(5000)} ${'"'.repeat(5001)} ${'x.'.repeat(5000)}`, tasks).kind).not.toBe('task');
  });
});

it('what is too long to be a word has no endings to look for', () => {
  const long = `${'x'.repeat(5_000)}ation`;
  expect(stem(long)).toBe(long);
  expect(stem('aggregation')).toBe(stem('aggregate'));
});
