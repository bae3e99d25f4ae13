import { fileNameOf, reportsAmong } from './reports';
import { checkRequest, parseSpan, toGoalInput } from './request';

const NOW = Date.parse('2026-11-23T05:00:00Z');

describe('the request of goalkeeper run', () => {
  it('sends words or a task, and only what was given', () => {
    expect(toGoalInput({ words: ['analyse', 'x.csv'] }, null, NOW)).toEqual({ objective: 'analyse x.csv' });
    expect(toGoalInput({ words: [], task: 'data.report', args: { source: 's' }, maxSteps: 9 }, null, NOW)).toEqual({
      task: { name: 'data.report', args: { source: 's' } },
      maxSteps: 9,
    });
  });

  it('puts an uploaded file in the place of its name, into source, or makes it the goal', () => {
    const file = 'data/my $& file.csv';
    expect(toGoalInput({ words: [`analyse ${file} by a`], file }, 'art_1', NOW).objective).toBe('analyse art_1 by a');
    expect(toGoalInput({ words: ['analyse my $& file.csv'], file }, 'art_1', NOW).objective).toBe('analyse art_1');
    expect(toGoalInput({ words: [], task: 't', args: { by: 'a' }, file }, 'art_1', NOW).task).toEqual({
      name: 't',
      args: { by: 'a', source: 'art_1' },
    });
    expect(toGoalInput({ words: [], file }, 'art_1', NOW).objective).toBe('analyse art_1 and report');
  });

  it.each([
    [{ words: [] }, 'The goal is missing'],
    [{ words: ['x'], task: 't' }, 'either in words or as a task'],
    [{ words: ['x'], args: {} }, '--args belongs to --task'],
    [{ words: ['analyse it'], file: 'a.csv' }, 'where the file belongs'],
    [{ words: [], task: 't', args: { source: 's' }, file: 'a.csv' }, 'names another one'],
  ])('refuses %j before anything is sent', (request, message) => {
    expect(() => checkRequest(request)).toThrow(message);
  });

  it('takes a deadline as a moment or as a span from now', () => {
    const deadlineOf = (deadline: string) => toGoalInput({ words: ['x'], deadline }, null, NOW).deadline;
    expect(deadlineOf('30m')).toBe('2026-11-23T05:30:00.000Z');
    expect(deadlineOf('2027-01-31T18:00:00+01:00')).toBe('2027-01-31T17:00:00.000Z');
    for (const bad of ['tomorrow', '0m', '-1h', 'Monday 2027'])
      expect(() => deadlineOf(bad)).toThrow('neither a moment nor a span');
  });

  it('reads spans', () => {
    expect(['500ms', '90s', '1.5h', '2d', '7'].map(parseSpan)).toEqual([500, 90_000, 5_400_000, 172_800_000, 7_000]);
    expect(['', '0', 'm', '-1s', '1 w', 'NaN'].map(parseSpan)).toEqual([null, null, null, null, null, null]);
  });
});

describe('files of a goal', () => {
  it('keeps every name inside its folder', () => {
    expect(['../../etc/passwd', '..', 'a\u0000b', 'C:\\x', '', '.bashrc'].map(fileNameOf)).toEqual([
      '__.._etc_passwd',
      '_',
      'ab',
      'C__x',
      'unnamed',
      '_bashrc',
    ]);
    for (const name of ['../../etc/passwd', '..', '/abs']) expect(fileNameOf(name)).not.toMatch(/^\.|[/\\]/);
  });

  it('picks the forms of the report, the readable one first, the newest of each', () => {
    const named = (id: string, name: string) => ({ id, name }) as Parameters<typeof reportsAmong>[0][number];
    const all = [
      named('1', 'report.json'),
      named('2', 'chart.svg'),
      named('3', 'report.html'),
      named('4', 'report.html'),
    ];
    expect(reportsAmong(all).map(({ id }) => id)).toEqual(['4', '1']);
    const others = [
      named('5', 'answer.md'),
      named('6', 'answer.html'),
      named('7', 'joined.csv'),
      named('8', 'join.json'),
    ];
    expect(reportsAmong(others).map(({ id }) => id)).toEqual(['6', '5', '7']);
  });
});
