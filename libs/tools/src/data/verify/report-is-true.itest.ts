import type { JsonObject } from '@goalkeeper/domain';
import type { ArtifactRef } from '../../definition';
import { claimOf, forge, type ForgedReport, lie, SALES_CSV } from '../testing/forge';
import { type LocalRoom, localRoom } from '../testing/local-room';
import { broken, type PlanRun, runPlan, verifyRun } from '../testing/run-plan';

jest.setTimeout(120_000);

let room: LocalRoom;
let honest: PlanRun;
let report: ForgedReport;
type Numbers = Record<string, number | string | null>;

beforeAll(async () => {
  room = localRoom();
  room.write('sales.csv', SALES_CSV);
  honest = await runPlan(room, 'sales.csv', { by: 'region' });
});
afterAll(() => room.remove());
beforeEach(() => {
  room.write('sales.csv', SALES_CSV);
  report = JSON.parse(honest.json) as ForgedReport;
});

const verdict = async (run: PlanRun, args: JsonObject = { source: 'sales.csv', by: 'region' }): Promise<string> =>
  broken(await verifyRun(room, run, args)).join('\n');
it('holds for an honest report, in all its checks', async () => {
  const evidence = await verifyRun(room, honest, { source: 'sales.csv', by: 'region' });
  expect(broken(evidence)).toEqual([]);
  expect(evidence.length).toBeGreaterThan(40);
  expect(new Set(report.claims.map(({ kind }) => kind)).size).toBeGreaterThan(10);
});

it('holds for a copy that changes nothing', async () => {
  expect(await verdict(await forge(room, honest, {}))).toBe('');
});

describe('a number', () => {
  it.each([
    ['rows', 82, '82'],
    ['mean', 33.3, '33.30'],
    ['median', 31, '31'],
    ['min', 1, '1'],
    ['max', 41, '41'],
    ['distinct', 4, '4'],
    ['missing', 0.5, '50.0 %'],
    ['group_mean', 12.5, '12.50'],
    ['group_count', 26, '26'],
    ['explained', 0.99, '99.0 %'],
    ['group_ratio', 7.5, '7.50'],
    ['period_mean', 1.25, '1.25'],
    ['value_count', 9, '9'],
    ['text_placeholders', 6, '6'],
    ['bytes', 100, '100'],
  ])('told wrongly everywhere: %s', async (kind, value, shown) => {
    expect(await verdict(await forge(room, honest, lie(honest, kind, value, shown)))).toContain(
      `claims of the kind ${kind} hold against the source`,
    );
  });

  it('changed on the page alone', async () => {
    const html = honest.html.replace(`data-claim="${String(claimOf(report, 'rows').id)}">81<`, (text) =>
      text.replace('81', '82'),
    );
    expect(await verdict(await forge(room, honest, { html }))).toContain('report.html: every number is its claim');
  });

  it('changed in the Markdown alone', async () => {
    const markdown = honest.markdown.replace(`81<!--${String(claimOf(report, 'rows').id)}-->`, (text) => `1${text}`);
    expect(await verdict(await forge(room, honest, { markdown }))).toContain('report.md: every number is its claim');
  });

  it('rounded to something else', async () => {
    const claim = claimOf(report, 'mean');
    const { shown } = claim;
    claim.shown = '1.00';
    const swap = (text: string): string =>
      text
        .replace(`data-claim="${String(claim.id)}">${String(shown)}<`, `data-claim="${String(claim.id)}">1.00<`)
        .replace(`${String(shown)}<!--${String(claim.id)}-->`, `1.00<!--${String(claim.id)}-->`);
    expect(
      await verdict(await forge(room, honest, { html: swap(honest.html), markdown: swap(honest.markdown), report })),
    ).toContain('every shown number is its value rounded');
  });

  it('standing without a claim', async () => {
    const html = honest.html.replace('What stands out most:', 'Sales grew by 12 times. What stands out most:');
    expect(await verdict(await forge(room, honest, { html }))).toContain(
      'report.html: no number stands without a claim: 12',
    );
    const markdown = honest.markdown.replace('What stands out most:', 'Sales grew by 12 times. What stands out most:');
    expect(await verdict(await forge(room, honest, { markdown }))).toContain(
      'report.md: no number stands without a claim',
    );
  });

  it('hidden in code type', async () => {
    const html = honest.html.replace('What stands out most:', '<code>grew 12 times</code> What stands out most:');
    expect(await verdict(await forge(room, honest, { html }))).toContain('every technical term is known');
  });

  it('hidden in a quoted value', async () => {
    const html = honest.html.replace('What stands out most:', '<q class="value">12 times</q> What stands out most:');
    expect(await verdict(await forge(room, honest, { html }))).toContain(
      'every quoted value stands in the data: 12 times',
    );
  });
});

describe('a claim', () => {
  it('swapped with another on the page', async () => {
    const html = honest.html
      .replace('data-claim="c1"', 'data-claim="cX"')
      .replace('data-claim="c5"', 'data-claim="c1"')
      .replace('data-claim="cX"', 'data-claim="c5"');
    expect(await verdict(await forge(room, honest, { html }))).toContain('report.html: every number is its claim');
  });

  it('left out of the page', async () => {
    const html = honest.html.replace(/<data value="[^"]*" data-claim="c4">[^<]*<\/data>/, 'some');
    expect(await verdict(await forge(room, honest, { html }))).toContain('report.html: every number is its claim');
  });

  it('about another group', async () => {
    claimOf(report, 'group_mean').group = 'east';
    report.claims.filter(({ kind }) => kind === 'group_mean').forEach((claim) => (claim.group = 'east'));
    expect(await verdict(await forge(room, honest, { report }))).toContain('claims of the kind group_mean');
  });

  it('that hides values as missing', async () => {
    const units = report.columns.find(({ name }) => name === 'units');
    if (units) units.missingTokens = ['7'];
    expect(await verdict(await forge(room, honest, { report }))).toContain('nothing but stand-ins');
  });
});

describe('the source', () => {
  it('with one row changed', async () => {
    room.write('sales.csv', SALES_CSV.replace('south,', 'north,'));
    expect(await verdict(honest)).toContain('the source is the one the report speaks of');
  });

  it('with one row changed and its hash forged', async () => {
    const changed = SALES_CSV.replace('south,', 'north,');
    room.write('sales.csv', changed);
    const { createHash } = await import('node:crypto');
    const old = String(report.source.sha256);
    const sha256 = createHash('sha256').update(changed).digest('hex');
    report.source.sha256 = sha256;
    const run = await forge(room, honest, {
      report,
      html: honest.html.replaceAll(old, sha256),
      markdown: honest.markdown.replaceAll(old, sha256),
    });
    expect(await verdict(run)).toContain('claims of the kind group_count');
  });

  it('that has gone', async () => {
    const { unlinkSync } = await import('node:fs');
    unlinkSync(`${room.root}/sales.csv`);
    expect(await verdict(honest)).toContain('the source can be read again: source.missing');
  });

  it('of another goal', async () => {
    room.write('other.csv', SALES_CSV);
    expect(await verdict(honest, { source: 'other.csv' })).toContain('the report is about the source of the goal');
  });

  it('with another content than the goal pinned', async () => {
    expect(await verdict(honest, { source: 'sales.csv', sha256: '0'.repeat(64) })).toContain(
      'the content that the goal pinned',
    );
  });

  it('grouped by another column than the goal asked for', async () => {
    expect(await verdict(honest, { source: 'sales.csv', by: 'note' })).toContain('the report tells by note');
  });
});

describe('a chart', () => {
  const svg = (file: string): string =>
    room.read(honest.produced.find(({ name }) => name === file) as ArtifactRef).toString('utf8');

  it('without one of its marks', async () => {
    const bars = report.charts.find(({ kind }) => kind === 'bar') as { file: string };
    const text = svg(bars.file).replace(/<path aria-label="[^"]*"[^>]*\/>/, '');
    expect(await verdict(await forge(room, honest, { svg: { file: bars.file, text } }))).toContain(
      `${bars.file} draws all its marks`,
    );
  });

  it('that is broken XML', async () => {
    const text = svg('chart-a.svg').replace('</svg>', '');
    expect(await verdict(await forge(room, honest, { svg: { file: 'chart-a.svg', text } }))).toContain(
      'chart-a.svg is well-formed SVG',
    );
  });

  it('that runs a script', async () => {
    const text = svg('chart-a.svg').replace('</svg>', '<script>alert(1)</script></svg>');
    expect(await verdict(await forge(room, honest, { svg: { file: 'chart-a.svg', text } }))).toContain(
      'chart-a.svg runs nothing',
    );
  });

  it.each(['line', 'bar', 'histogram', 'missing'])('whose numbers are not those of the source: %s', async (kind) => {
    const chart = report.charts.find((one) => one.kind === kind) as {
      id: string;
      data: { series: { points: Numbers[] }; bars?: Numbers[]; buckets?: Numbers[] };
    };
    const first = kind === 'line' ? chart.data.series.points[0] : (chart.data.bars ?? chart.data.buckets ?? [])[0];
    for (const key of ['value', 'count', 'mean']) {
      const shown = first?.[key];
      if (first && typeof shown === 'number') first[key] = shown + 1;
    }
    expect(await verdict(await forge(room, honest, { report }))).toContain(
      `the numbers of ${chart.id} (${kind}) are those of the source`,
    );
  });

  it('left out of the report', async () => {
    report.charts.pop();
    expect(await verdict(await forge(room, honest, { report }))).toContain('every drawn chart is in the report');
  });
});

describe('a file', () => {
  it('that is missing', async () => {
    const run = await forge(room, honest, {});
    const gone = {
      ...run.outputs.report,
      markdown: { sha256: 'f'.repeat(64), name: 'report.md', mediaType: 'text/markdown', sizeBytes: 900 },
    };
    expect(await verdict({ ...run, outputs: { ...run.outputs, report: gone } })).toContain(
      'report.md is there, whole and of some size: it is missing',
    );
  });

  it('with other bytes than its hash', async () => {
    const { writeFileSync } = await import('node:fs');
    const run = await forge(room, honest, { markdown: `${honest.markdown}\n` });
    const ref = (run.outputs.report as unknown as { markdown: ArtifactRef }).markdown;
    writeFileSync(await room.context.artifacts.path(ref.sha256), 'cut');
    expect(await verdict(run)).toContain('report.md is there, whole and of some size: its content has another hash');
  });

  it('that is not listed for the client', async () => {
    const run = await forge(room, honest, {});
    expect(await verdict({ ...run, produced: run.produced.filter(({ name }) => name !== 'chart-a.svg') })).toContain(
      'chart-a.svg is listed for the client',
    );
  });
});

describe('the page', () => {
  it.each(['summary', 'insights', 'distrust', 'charts', 'columns', 'method'])('without its section %s', async (id) => {
    const html = honest.html.replace(new RegExp(`<section id="${id}">[\\s\\S]*?</section>`), '');
    expect(await verdict(await forge(room, honest, { html }))).toContain(
      `the page has all its sections: ${id} is missing`,
    );
  });

  it('whose Markdown lacks a section', async () => {
    const markdown = honest.markdown.replace('## What to distrust', '');
    expect(await verdict(await forge(room, honest, { markdown }))).toContain('the Markdown has all its sections');
  });

  it('with a script', async () => {
    const html = honest.html.replace('</body>', '<script>alert()</script></body>');
    expect(await verdict(await forge(room, honest, { html }))).toContain('the page runs nothing');
  });

  it('that names a column which is not there', async () => {
    const html = honest.html.replace('<q class="column">units</q>', '<q class="column">profit</q>');
    expect(await verdict(await forge(room, honest, { html }))).toContain('every quoted name is known: profit');
  });
});

it('says so when no report was written', async () => {
  expect(await verdict({ ...honest, outputs: { open: honest.outputs.open ?? {} } })).toContain('a report was written');
});
