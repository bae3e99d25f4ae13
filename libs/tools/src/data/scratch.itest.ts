import { mkdirSync, writeFileSync } from 'node:fs';
import type { JsonObject } from '@goalkeeper/domain';
import { runTool } from '../registry/run-tool';
import { localRoom } from './testing/local-room';
import { dataTools } from './tools';

jest.setTimeout(120000);
it('runs', async () => {
  const room = localRoom();
  const call = async (name: string, args: JsonObject) => {
    const tool = dataTools.find((one) => one.name === name)!;
    const run = await runTool(tool, args, room.context);
    console.log(name, run.durationMs, run.ok ? run.summary : run.error);
    if (!run.ok) throw new Error(run.error?.message);
    return run.output as any;
  };
  const out = '/tmp/gkout';
  mkdirSync(out, { recursive: true });
  const source = process.env.SRC ?? 'sample:movies.json';
  let opened: any;
  try {
    opened = await call('data.open', { source });
  } catch {
    opened = await call('data.open-tolerant', { source });
  }
  const { profile } = await call('data.profile', { table: opened.table });
  const q = await call('data.quality', { table: opened.table, profile });
  const a = await call('data.aggregate', { table: opened.table, profile, by: process.env.BY ?? null });
  const c = await call('data.chart', { table: opened.table, profile, aggregates: a.aggregates });
  for (const ref of [profile, q.quality, a.aggregates, c.charts, ...c.files])
    writeFileSync(`${out}/${ref.name}`, room.read(ref));
  const rep = dataTools.find((t) => t.name === 'data.report');
  if (rep) {
    const r = await call('data.report', {
      opened,
      profile,
      quality: q.quality,
      aggregates: a.aggregates,
      charts: c.charts,
      by: process.env.BY ?? null,
    });
    for (const ref of [r.html, r.markdown, r.json]) writeFileSync(`${out}/${ref.name}`, room.read(ref));
  }
  room.remove();
});
