import type { JsonObject } from '@goalkeeper/domain';
import type { ArtifactRef } from '../../definition';
import { forge, type ForgedReport } from '../testing/forge';
import { type LocalRoom, localRoom } from '../testing/local-room';
import { type Asking, broken, type PlanRun, runPlan, verifyRun } from '../testing/run-plan';

jest.setTimeout(180_000);

const LINES = Array.from({ length: 90 }, (_, index) => {
  const day = new Date(Date.UTC(2024, 0, 1 + index)).toISOString().slice(0, 10);
  return `${day},${['red <team>', 'blue', 'green'][index % 3]},${(index * 7) % 50},${(index * 13) % 29}`;
});

let room: LocalRoom;
beforeAll(() => {
  room = localRoom();
  room.write('games.csv', ['day,team,points,fouls', ...LINES].join('\n'));
  room.write('plain.csv', ['team,points', ...LINES.map((line) => line.split(',').slice(1, 3).join(','))].join('\n'));
});
afterAll(() => room.remove());

const draw = (source: string, asking: Asking): Promise<PlanRun> => runPlan(room, source, asking);
const said = async (run: PlanRun, asking: JsonObject): Promise<string> =>
  broken(await verifyRun(room, run, asking, 'data.chart_is_drawn')).join('\n');

it('names the bars on the axis and in their labels', async () => {
  const run = await draw('games.csv', { by: 'team', measure: 'points' });
  const charts = (JSON.parse(run.json) as ForgedReport).charts;
  const bars = charts.find(({ kind }) => kind === 'bar');
  const svg = room.read(run.produced.find(({ name }) => name === bars?.file) as ArtifactRef).toString('utf8');
  for (const team of ['red &lt;team&gt;', 'blue', 'green']) {
    expect(svg).toContain(`>${team}</text>`);
    expect(svg).toMatch(new RegExp(`aria-label="[^"]*team: ${team}`));
  }
  expect(svg).not.toMatch(/aria-label="[^"]*team: \d/);
});

it.each<Asking>([
  { by: 'team', measure: 'points', statistic: 'sum' },
  { by: 'team', measure: 'fouls', statistic: 'median', kind: 'bar' },
  { by: 'team', measure: 'points', kind: 'bar' },
  { measure: 'points', kind: 'histogram' },
  { measure: 'points', kind: 'line' },
  { by: 'month', measure: 'points' },
  { by: 'week', measure: 'points', statistic: 'mean' },
  { by: 'day', measure: 'points', statistic: 'max', kind: 'bar' },
])('draws what was asked for: %j', async (asking) => {
  const run = await draw('games.csv', asking);
  expect(await said(run, asking as JsonObject)).toBe('');
  expect(broken(await verifyRun(room, run, { source: 'games.csv' }))).toEqual([]);
});

it('fails where the columns do not allow the kind, and says why', async () => {
  await expect(draw('plain.csv', { measure: 'points', kind: 'line' })).rejects.toThrow(
    /data.chart_impossible.*no column of dates/,
  );
});

it('is not believed where no chart shows it', async () => {
  const asking = { by: 'team', measure: 'points', statistic: 'sum' };
  const run = await draw('games.csv', asking);
  expect(await said(run, { ...asking, statistic: 'max' })).toContain('a chart shows what was asked for: max');
  expect(await said(run, { ...asking, by: 'month' })).toContain('a chart shows what was asked for: sum, chart, month');
  expect(await said(run, { ...asking, by: 'colour' })).toContain('the table has the column "colour"');
  const report = JSON.parse(run.json) as ForgedReport;
  report.charts = report.charts.filter(({ kind }) => kind !== 'bar');
  expect(await said(await forge(room, run, { report }), asking)).toContain('a chart shows what was asked for');
});

it('tells of every column in a profile', async () => {
  const run = await draw('games.csv', {});
  const complete = (one: PlanRun): Promise<string> =>
    verifyRun(room, one, { source: 'games.csv' }, 'data.profile_is_complete').then((all) => broken(all).join('\n'));
  expect(await complete(run)).toBe('');
  const report = JSON.parse(run.json) as ForgedReport;
  report.claims = report.claims.filter(({ kind, column }) => kind !== 'missing' || column !== 'fouls');
  expect(await complete(await forge(room, run, { report }))).toContain('the report tells of every column: fouls');
});
