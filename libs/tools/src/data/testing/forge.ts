import type { JsonObject } from '@goalkeeper/domain';
import type { ArtifactRef } from '../../definition';
import type { LocalRoom } from './local-room';
import type { PlanRun } from './run-plan';

/** `report.json`, to be changed by a forger. */
export interface ForgedReport {
  claims: Record<string, unknown>[];
  charts: Record<string, unknown>[];
  files: ArtifactRef[];
  columns: Record<string, unknown>[];
  source: Record<string, unknown>;
}

/** A small table with groups, dates, gaps and stand-ins, the same every time. */
export const SALES_CSV = [
  'region,day,units,price,note',
  ...Array.from({ length: 80 }, (_, index) => {
    const region = ['north', 'south', 'east'][index % 3];
    const day = `2024-0${1 + Math.floor(index / 28)}-${String(1 + (index % 28)).padStart(2, '0')}`;
    return `${region},${day},${(index * 7) % 40},${index % 11 === 0 ? '' : (20 + (index % 3) * 10 + index / 10).toFixed(2)},${index % 13 === 0 ? 'n/a' : `note ${index}`}`;
  }),
  'north,2024-01-01,0,,n/a',
].join('\n');

export interface Forged {
  html?: string;
  markdown?: string;
  report?: object;
  svg?: { file: string; text: string };
}

/** Stores a forged report with matching hashes everywhere, as a liar who knows the format would. */
export async function forge(room: LocalRoom, honest: PlanRun, change: Forged): Promise<PlanRun> {
  let html = change.html ?? honest.html;
  const json = structuredClone(change.report ?? JSON.parse(honest.json)) as ForgedReport;
  const put = (name: string, text: string): Promise<ArtifactRef> =>
    room.context.artifacts.put({ name, mediaType: 'text/plain', content: Buffer.from(text) });
  const files = new Map<string, ArtifactRef>(honest.produced.map((ref) => [ref.name, ref]));
  if (change.svg) {
    const old = files.get(change.svg.file);
    if (!old) throw new Error('no such chart');
    html = html.replace(room.read(old).toString('utf8'), () => change.svg?.text ?? '');
    const forged = await put(change.svg.file, change.svg.text);
    files.set(change.svg.file, forged);
    for (const chart of json.charts) if (chart.file === change.svg.file) chart.sha256 = forged.sha256;
  }
  files.set('report.html', await put('report.html', html));
  files.set('report.md', await put('report.md', change.markdown ?? honest.markdown));
  json.files = json.files.map((file) => files.get(file.name) ?? file);
  files.set('report.json', await put('report.json', JSON.stringify(json)));
  const output = {
    ...honest.outputs.report,
    html: files.get('report.html'),
    markdown: files.get('report.md'),
    json: files.get('report.json'),
  };
  return {
    ...honest,
    outputs: { ...honest.outputs, report: output as unknown as JsonObject },
    produced: [...files.values()],
  };
}

/** Tells the same lie on the page, in the Markdown and in the claims. */
export function lie(honest: PlanRun, kind: string, value: number, shown: string): Forged {
  const report = JSON.parse(honest.json) as ForgedReport;
  const claim = claimOf(report, kind);
  const { id } = claim;
  Object.assign(claim, { value, shown });
  const html = honest.html.replace(
    new RegExp(`<data value="[^"]*" data-claim="${String(id)}">[^<]*</data>`),
    `<data value="${value}" data-claim="${String(id)}">${shown}</data>`,
  );
  const markdown = honest.markdown.replace(
    new RegExp(`[-\\d,.]+(?: %)?<!--${String(id)}-->`),
    `${shown}<!--${String(id)}-->`,
  );
  return { html, markdown, report };
}

/** The first claim of a kind. */
export function claimOf(report: ForgedReport, kind: string): Record<string, unknown> {
  const found = report.claims.find((claim) => claim.kind === kind);
  if (!found) throw new Error(`the honest report claims no ${kind}`);
  return found;
}
