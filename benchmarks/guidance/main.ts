import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseDomain, parseProblem, type PddlDomain } from '@goalkeeper/domain';
import { GENERATED_DOMAINS, type GeneratedDomain, generatedDomain } from './domains';
import { problemOfKnown } from './domains/known-names';
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

const TRAINING = { problems: 66, perSize: 8, seed: 1000 };
const TEST = { problems: 33, perSize: 8, larger: 12, perLargerSize: 4, seed: 9000 };

/** Two thirds of a folder for training, the others and larger generated ones (where the domain is known) for testing. */
function courseOfFiles(domainFile: string, folder: string): Course {
  const domain = parseDomain(readFileSync(domainFile, 'utf8'), domainFile);
  const order = new Intl.Collator('en', { numeric: true });
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.pddl$/.test(name));
  const problems = files.toSorted(order.compare).map((name) => {
    return parseProblem(readFileSync(join(folder, name), 'utf8'), domain, name);
  });
  const larger = Array.from({ length: TEST.larger }, (_, index) =>
    problemOfKnown(domain.name, 22 + 4 * Math.floor(index / TEST.perLargerSize), TEST.seed + index),
  ).flatMap((text) => (text === null ? [] : [parseProblem(text, domain, 'larger')]));
  return {
    name: domain.name,
    domain,
    train: problems.filter((_, index) => index % 3 !== 2),
    test: [...problems.filter((_, index) => index % 3 === 2), ...larger],
  };
}

function courseOfGenerated({ name, domain: text, problem }: GeneratedDomain): Course {
  const domain: PddlDomain = parseDomain(text, name);
  const make = (size: number, seed: number) => parseProblem(problem(size, seed), domain, `${name}-${size}`);
  const sizeOf = (index: number, per: number): number => 1 + Math.floor(index / per);
  const rest = Array.from({ length: TEST.problems }, (_, i) => make(sizeOf(i, 4), TEST.seed + i));
  const larger = Array.from({ length: TEST.larger }, (_, i) =>
    make(9 + sizeOf(i, TEST.perLargerSize), TEST.seed + 500 + i),
  );
  return {
    name,
    domain,
    train: Array.from({ length: TRAINING.problems }, (_, i) => make(sizeOf(i, TRAINING.perSize), TRAINING.seed + i)),
    test: [...rest, ...larger],
  };
}

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
