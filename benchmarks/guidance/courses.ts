import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDomain, parseProblem, type PddlDomain } from '@goalkeeper/domain';
import type { GeneratedDomain } from './domains';
import { problemOfKnown } from './domains/known-names';
import type { Course } from './measure';

const TRAINING = { problems: 66, perSize: 8, seed: 1000 };
const TEST = { problems: 33, perSize: 8, larger: 12, perLargerSize: 4, seed: 9000 };

/** Two thirds of a folder for training, the others and larger generated ones (where the domain is known) for testing. */
export function courseOfFiles(domainFile: string, folder: string): Course {
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

/** Problems of a generated domain: small ones for training, others of the same sizes and larger ones for testing. */
export function courseOfGenerated({ name, domain: text, problem }: GeneratedDomain): Course {
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
