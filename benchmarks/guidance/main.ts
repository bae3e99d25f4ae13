import { parseArgs } from 'node:util';
import { courseOfFiles, courseOfGenerated } from './courses';
import { GENERATED_DOMAINS, generatedDomain } from './domains';
import { compareArms, type Course, type Measured, measure, type Runs } from './measure';
import type { Comparison, Run } from './statistics';

const { values } = parseArgs({
  options: {
    domain: { type: 'string' },
    problems: { type: 'string' },
    generated: { type: 'string' },
    placebos: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
  },
});

function courses(): (() => Course)[] {
  const { domain, problems, generated } = values;
  if (domain !== undefined && problems !== undefined) return [() => courseOfFiles(domain, problems)];
  if (domain !== undefined || problems !== undefined) throw new Error('--domain FILE and --problems DIR go together');
  const chosen =
    generated === undefined || generated === 'all' ? GENERATED_DOMAINS : generated.split(',').map(generatedDomain);
  return chosen.map((one) => () => courseOfGenerated(one));
}

const ratio = ({ ratio: mean, low, high }: Comparison): string =>
  `${mean.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;

function row({ name, gate, trainMs, onOff, onPlacebo, onPlaceboOpen }: Measured): string {
  const cells = [
    name,
    gate.split(':')[0],
    `${onOff.solved[1]} → ${onOff.solved[0]} of ${onOff.problems}`,
    ratio(onOff),
    `${onOff.lost} / ${onOff.harmed}`,
    ratio(onPlacebo),
    ratio(onPlaceboOpen),
    `${(trainMs / 1000).toFixed(0)} s`,
  ];
  return `| ${cells.join(' | ')} |`;
}

/** All problems of all domains; every domain has about as many. */
function together(measured: readonly Measured[]): Measured {
  const seedsOf = (pick: (runs: Runs) => readonly Run[], seed: number): Run[] =>
    measured.flatMap(({ runs }) => pick(runs).slice(seed * runs.on.length, (seed + 1) * runs.on.length));
  const runs: Runs = {
    off: measured.flatMap((one) => one.runs.off),
    on: measured.flatMap((one) => one.runs.on),
    placebo: seeds.flatMap((_, seed) => seedsOf(({ placebo }) => placebo, seed)),
    placeboOpen: seeds.flatMap((_, seed) => seedsOf(({ placeboOpen }) => placeboOpen, seed)),
  };
  const trainMs = measured.reduce((sum, one) => sum + one.trainMs, 0);
  return { name: 'all', gate: '', trainMs, placeboGates: [], runs, ...compareArms(runs) };
}

const seeds = Array.from({ length: Number(values.placebos) }, (_, index) => index + 1);
if (!values.json) {
  console.log(
    '| domain | gate | solved off → on | expansions on / off | lost / dearer | on / placebo | on / placebo, gate held open | training |',
  );
  console.log('|---|---|---|---|---|---|---|---|');
}
const all: Measured[] = [];
for (const course of courses()) {
  const measured = measure(course(), seeds);
  all.push(measured);
  console.log(values.json ? JSON.stringify(measured) : row(measured));
}
if (all.length > 1 && !values.json) console.log(row(together(all)));
