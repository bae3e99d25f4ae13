import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PddlDomain, PddlProblem } from '../pddl/model';
import { parseDomain } from '../pddl/parse-domain';
import { parseProblem } from '../pddl/parse-problem';
import { parsePlan, type ParsedPlan } from './parse-plan';
import { validatePddlPlan } from './validate-pddl-plan';

const folder = join(process.env.GK_PLANNING_DATA ?? '', 'htn', 'feature-tests');
const isThere = (process.env.GK_PLANNING_DATA ?? '') !== '' && existsSync(join(folder, 'plans'));
if (!isThere)
  console.warn(
    'SKIPPED: plans of the competition. Set GK_PLANNING_DATA to the folder that holds them to check that the validator accepts them.',
  );

interface Sample {
  readonly domain: PddlDomain;
  readonly problem: PddlProblem;
  readonly plan: ParsedPlan;
}

function sampleOf(file: string): Sample {
  const name = file.replace(/\.\w+$/, '');
  const text = (path: string): string => readFileSync(join(folder, path), 'utf8');
  const domain = parseDomain(text(`${name}-domain.hddl`));
  return {
    domain,
    problem: parseProblem(text(`${name}.hddl`), domain),
    plan: parsePlan(text(join('plans', file)), file),
  };
}

describe('plans that came with the feature tests of the 2020 competition', () => {
  const check = isThere ? it : it.skip;
  const files = isThere ? readdirSync(join(folder, 'plans')) : [];

  check('are valid, and are not without their first decomposition', () => {
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) {
      const { domain, problem, plan } = sampleOf(file);
      expect([file, validatePddlPlan(domain, problem, plan)]).toEqual([file, []]);
      if (plan.kind !== 'hierarchical') throw new Error(`${file} has no tree`);
      const { decompositions, actions, roots } = plan.plan;
      const broken = {
        actions: actions.slice(decompositions.length > 0 ? 0 : 1),
        roots,
        decompositions: decompositions.slice(1),
      };
      expect(validatePddlPlan(domain, problem, { kind: 'hierarchical', plan: broken })).not.toEqual([]);
    }
  });
});
