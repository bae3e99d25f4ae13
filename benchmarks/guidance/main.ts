import { parseArgs } from 'node:util';
import { courseOfFiles, courseOfGenerated } from './courses';
import { GENERATED_DOMAINS, generatedDomain } from './domains';
import { type Course, type Measured, measure } from './measure';
import type { Comparison } from './statistics';

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

const seeds = Array.from({ length: Number(values.placebos) }, (_, index) => index + 1);
if (!values.json) {
  console.log(
    '| domain | gate | solved off → on | expansions on / off | lost / dearer | on / placebo | on / placebo, gate held open | training |',
  );
  console.log('|---|---|---|---|---|---|---|---|');
}
for (const course of courses()) {
  const measured = measure(course(), seeds);
  console.log(values.json ? JSON.stringify(measured) : row(measured));
}
