import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Json, JsonObject } from '@goalkeeper/domain';
import type { Aggregates, Profile } from '../model';
import { planCharts } from './chart-plan';
import { chartSpec } from './chart-spec';

const LETTERS = 'abcdefghij';

/** Draws the charts as SVG files in the scratch folder and lists them in `plans.json`. */
export async function chartJob(input: JsonObject, progress: (value: Json) => void): Promise<JsonObject> {
  const job = input as { profile: string; aggregates: string; kind: string | null; scratch: string };
  const profile = JSON.parse(await readFile(job.profile, 'utf8')) as Profile;
  const aggregates = JSON.parse(await readFile(job.aggregates, 'utf8')) as Aggregates;
  const plans = planCharts(profile, aggregates, job.kind?.split(',') ?? []);
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')]);
  const drawn = [];
  for (const [index, plan] of plans.entries()) {
    const compiled = vegaLite.compile(chartSpec(plan)).spec;
    const view = new vega.View(vega.parse(compiled), { renderer: 'none', logLevel: vega.Error });
    const svg = await view.toSVG();
    view.finalize();
    const id = `chart-${LETTERS[index] ?? 'x'}`;
    await writeFile(join(job.scratch, `${id}.svg`), svg);
    drawn.push({ ...plan, id, file: `${id}.svg`, renderer: `Vega ${vega.version}, Vega-Lite ${vegaLite.version}` });
    progress({ drawn: drawn.length, of: plans.length });
  }
  await writeFile(join(job.scratch, 'plans.json'), JSON.stringify(drawn));
  return { count: drawn.length };
}
