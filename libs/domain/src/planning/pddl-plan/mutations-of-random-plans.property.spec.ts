import type { Decomposition, HierarchicalPlan, PddlDomain, PddlProblem } from '../pddl/model';
import { parseDomain } from '../pddl/parse-domain';
import { parseProblem } from '../pddl/parse-problem';
import { solve } from '../search-pddl/solve';
import { randomNetwork } from '../search-pddl/testing/random-problems';
import { formatHierarchicalPlan } from './format-plan';
import { parsePlan } from './parse-plan';
import { seededRandom } from '../../chance';
import { validatePddlPlan } from './validate-pddl-plan';

type Pick = <Item>(from: readonly Item[]) => Item;
interface Case {
  readonly domain: PddlDomain;
  readonly problem: PddlProblem;
  readonly plan: HierarchicalPlan;
}
/** Null where the plan has nothing that could be changed so. */
type Mutation = (one: Case, pick: Pick) => HierarchicalPlan | null;

const changed = (plan: HierarchicalPlan, old: Decomposition, change: Partial<Decomposition>): HierarchicalPlan => ({
  ...plan,
  decompositions: plan.decompositions.map((one) => (one === old ? { ...one, ...change } : one)),
});
const withTask = (
  plan: HierarchicalPlan,
  old: HierarchicalPlan['actions'][number],
  task: HierarchicalPlan['actions'][number]['task'],
): HierarchicalPlan => ({ ...plan, actions: plan.actions.map((one) => (one === old ? { ...one, task } : one)) });
const parents = ({ decompositions }: HierarchicalPlan): Decomposition[] =>
  decompositions.filter(({ children }) => children.length > 0);
const freshId = ({ actions, decompositions }: HierarchicalPlan): number =>
  1 + Math.max(...[...actions, ...decompositions].map(({ id }) => id));

/** Each breaks every plan of every problem: by structure, or because names stand for one thing only. */
const ALWAYS: Record<string, Mutation> = {
  'a step dropped': ({ plan }, pick) => {
    if (plan.actions.length === 0) return null;
    const gone = pick(plan.actions);
    return { ...plan, actions: plan.actions.filter((one) => one !== gone) };
  },
  'a step that nothing uses': ({ plan, domain }, pick) => {
    const action = pick(domain.actions);
    const args = action.params.map(() => 'u');
    const at = pick([...plan.actions.keys(), plan.actions.length]);
    return {
      ...plan,
      actions: plan.actions.toSpliced(at, 0, { id: freshId(plan), task: { name: action.name, args } }),
    };
  },
  'a step renamed': ({ plan, domain }, pick) => {
    if (plan.actions.length === 0) return null;
    const old = pick(plan.actions);
    const name = pick(domain.actions.map((one) => one.name).filter((one) => one !== old.task.name));
    return withTask(plan, old, { ...old.task, name });
  },
  'an argument too many': ({ plan }, pick) => {
    if (plan.actions.length === 0) return null;
    const old = pick(plan.actions);
    return withTask(plan, old, { ...old.task, args: [...old.task.args, 'u'] });
  },
  'an object that is not there': ({ plan }, pick) => {
    if (plan.actions.length === 0) return null;
    const old = pick(plan.actions);
    return withTask(plan, old, { ...old.task, args: ['nobody', ...old.task.args.slice(1)] });
  },
  'a decomposition dropped': ({ plan }, pick) => {
    const gone = pick(plan.decompositions);
    return { ...plan, decompositions: plan.decompositions.filter((one) => one !== gone) };
  },
  'a method of another task': ({ plan, domain }, pick) => {
    const old = pick(plan.decompositions);
    const method = pick(domain.methods.filter(({ task }) => task.name !== old.task.name)).name;
    return changed(plan, old, { method });
  },
  'another task': ({ plan, domain }, pick) => {
    const old = pick(plan.decompositions);
    const name = pick(domain.tasks.map((task) => task.name).filter((one) => one !== old.task.name));
    return changed(plan, old, { task: { ...old.task, name } });
  },
  'a part dropped': ({ plan }, pick) => {
    if (parents(plan).length === 0) return null;
    const old = pick(parents(plan));
    return changed(plan, old, { children: old.children.slice(1) });
  },
  'a part used again': ({ plan }, pick) => {
    if (plan.actions.length === 0) return null;
    const old = pick(plan.decompositions);
    return changed(plan, old, { children: [...old.children, pick(plan.actions).id] });
  },
  'a circle': ({ plan }, pick) => {
    if (parents(plan).length === 0) return null;
    const old = pick(parents(plan));
    return changed(plan, old, { children: [old.id, ...old.children.slice(1)] });
  },
  'a root dropped': ({ plan }) => ({ ...plan, roots: plan.roots.slice(1) }),
  'an id given twice': ({ plan }, pick) =>
    plan.actions.length === 0 ? null : changed(plan, pick(plan.decompositions), { id: pick(plan.actions).id }),
};

/**
 * Breaks plans whose order is total, where both steps are members of one method and each is its only one of that name: which member a
 * line stands for is not written, so steps that could stand for each other's members may be swapped.
 */
const swapped: Mutation = ({ plan }, pick) => {
  const indexOf = new Map(plan.actions.map(({ id }, index) => [id, index]));
  const nameOf = new Map([...plan.actions, ...plan.decompositions].map(({ id, task }) => [id, task.name]));
  const pairs = plan.decompositions.flatMap(({ children }) => {
    const names = children.map((id) => nameOf.get(id));
    const own = children.filter((id) => names.filter((name) => name === nameOf.get(id)).length === 1);
    const at = own.flatMap((id) => indexOf.get(id) ?? []);
    return at.flatMap((first) => at.flatMap((second) => (first < second ? [[first, second] as const] : [])));
  });
  if (pairs.length === 0) return null;
  const [first, second] = pick(pairs);
  const at = (index: number) => (index === first ? second : index === second ? first : index);
  return { ...plan, actions: plan.actions.map((one, index) => plan.actions[at(index)] ?? one) };
};

const SEEDS = 400;
const judge = ({ domain, problem }: Case, plan: HierarchicalPlan): number =>
  validatePddlPlan(domain, problem, parsePlan(formatHierarchicalPlan(plan))).length;

function cases(isOrdered: boolean): Case[] {
  return Array.from({ length: SEEDS }, (_, seed) => randomNetwork(seededRandom(seed + 7_000), isOrdered)).flatMap(
    (text) => {
      const domain = parseDomain(text.domain);
      const problem = parseProblem(text.problem, domain);
      const found = solve(domain, problem, { maxNodes: 2_000, isOver: () => false });
      return found.kind === 'hierarchical' ? [{ domain, problem, plan: found.plan }] : [];
    },
  );
}

describe.each([
  ['totally', true],
  ['partially', false],
])(`plans of %s ordered random problems, seeds 7000 to ${7_000 + SEEDS - 1}`, (_, isOrdered) => {
  const all = cases(isOrdered);

  it('are valid, and there are many', () => {
    expect(all.length).toBeGreaterThan(50);
    expect(all.filter(({ plan }) => plan.actions.length > 1).length).toBeGreaterThan(30);
    for (const one of all) expect(judge(one, one.plan)).toBe(0);
  });

  it.each(Object.entries({ ...ALWAYS, ...(isOrdered ? { 'two steps swapped': swapped } : {}) }))(
    'are refused with %s',
    (name, mutate) => {
      let tried = 0;
      all.forEach((one, seed) => {
        const chance = seededRandom(seed);
        const pick: Pick = (from) => {
          const item = from[Math.floor(chance() * from.length)];
          if (item === undefined) throw new Error(`nothing to pick for ${name}`);
          return item;
        };
        const broken = mutate(one, pick);
        if (!broken) return;
        tried += 1;
        expect([seed, judge(one, broken) > 0]).toEqual([seed, true]);
      });
      expect(tried).toBeGreaterThan(20);
    },
  );
});
