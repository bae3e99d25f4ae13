import type { Decomposition, HierarchicalPlan, PddlProblem } from '../pddl/model';
import { formatHierarchicalPlan } from './format-plan';
import { parsePlan } from './parse-plan';
import { seededRandom } from '../../chance';
import { longHaul, post } from './testing/post';
import { validatePddlPlan } from './validate-pddl-plan';

type Pick = <Item>(from: readonly Item[]) => Item;
type Mutation = (plan: HierarchicalPlan, pick: Pick) => HierarchicalPlan;
type Action = HierarchicalPlan['actions'][number];

const withAction = (plan: HierarchicalPlan, old: Action, args: readonly string[]): HierarchicalPlan => ({
  ...plan,
  actions: plan.actions.map((one) => (one === old ? { ...one, task: { ...one.task, args } } : one)),
});
const withDecomposition = (
  plan: HierarchicalPlan,
  old: Decomposition,
  change: Partial<Decomposition>,
): HierarchicalPlan => ({
  ...plan,
  decompositions: plan.decompositions.map((one) => (one === old ? { ...one, ...change } : one)),
});
const replaced = (args: readonly string[], index: number, by: string): string[] => args.toSpliced(index, 1, by);
const nextId = ({ actions, decompositions }: HierarchicalPlan): number =>
  Math.max(...actions.map(({ id }) => id), ...decompositions.map(({ id }) => id)) + 1;

/** Changes that break any plan of a totally ordered problem whose arguments are all determined. */
const MUTATIONS: Record<string, Mutation> = {
  'a step dropped': (plan, pick) => {
    const gone = pick(plan.actions);
    return { ...plan, actions: plan.actions.filter((one) => one !== gone) };
  },
  'two steps swapped': (plan, pick) => {
    const first = pick([...plan.actions.keys()]);
    const second = pick([...plan.actions.keys()].filter((index) => index !== first));
    const actions = plan.actions.map(
      (one, index) => plan.actions[index === first ? second : index === second ? first : index] ?? one,
    );
    return { ...plan, actions };
  },
  'a step renamed': (plan, pick) => {
    const old = pick(plan.actions);
    const name = pick(post.actions.map((one) => one.name).filter((one) => one !== old.task.name));
    return {
      ...plan,
      actions: plan.actions.map((one) => (one === old ? { ...one, task: { ...one.task, name } } : one)),
    };
  },
  'another object of the right type': (plan, pick) => {
    const old = pick(plan.actions);
    const places = plan.actions.flatMap(({ task }) => task.args).filter((arg) => !['v', 'p'].includes(arg));
    const by = pick([...new Set(places)].filter((place) => place !== old.task.args[1]));
    return withAction(plan, old, replaced(old.task.args, 1, by));
  },
  'an object of another type': (plan, pick) => {
    const old = pick(plan.actions);
    return withAction(plan, old, replaced(old.task.args, 0, 'p'));
  },
  'another method': (plan, pick) => {
    const old = pick(plan.decompositions);
    const method = pick(post.methods.map(({ name }) => name).filter((name) => name !== old.method));
    return withDecomposition(plan, old, { method });
  },
  'another task': (plan, pick) => {
    const old = pick(plan.decompositions);
    const name = pick(post.tasks.map((task) => task.name).filter((one) => one !== old.task.name));
    return withDecomposition(plan, old, { task: { ...old.task, name } });
  },
  'a task of other arguments': (plan, pick) => {
    const old = pick(plan.decompositions);
    const by = old.task.args[1] === 'depot' ? 'l0' : 'depot';
    return withDecomposition(plan, old, { task: { ...old.task, args: replaced(old.task.args, 1, by) } });
  },
  'a decomposition dropped': (plan, pick) => {
    const gone = pick(plan.decompositions);
    return { ...plan, decompositions: plan.decompositions.filter((one) => one !== gone) };
  },
  'a part dropped': (plan, pick) => {
    const old = pick(plan.decompositions.filter(({ children }) => children.length > 0));
    const gone = pick(old.children);
    return withDecomposition(plan, old, { children: old.children.filter((id) => id !== gone) });
  },
  'a part used again': (plan, pick) => {
    const old = pick(plan.decompositions);
    return withDecomposition(plan, old, { children: [...old.children, pick(plan.actions).id] });
  },
  'a circle': (plan, pick) => {
    const old = pick(plan.decompositions.filter(({ children }) => children.length > 0));
    return withDecomposition(plan, old, { children: [...old.children.slice(1), old.id] });
  },
  'a step that nothing uses': (plan, pick) => {
    const { task } = pick(plan.actions);
    const at = pick([...plan.actions.keys()]);
    return { ...plan, actions: plan.actions.toSpliced(at, 0, { id: nextId(plan), task }) };
  },
  'an id given twice': (plan, pick) => {
    const { id } = pick(plan.actions);
    return withDecomposition(plan, pick(plan.decompositions), { id });
  },
  'a root dropped': (plan, pick) => {
    const gone = pick(plan.roots);
    return { ...plan, roots: plan.roots.filter((id) => id !== gone) };
  },
  'another root': (plan, pick) => {
    const old = pick(plan.roots);
    const by = pick(plan.decompositions.map(({ id }) => id).filter((id) => !plan.roots.includes(id)));
    return { ...plan, roots: plan.roots.map((id) => (id === old ? by : id)) };
  },
};

const ROUNDS = 100;
const judgeText = (problem: PddlProblem, plan: HierarchicalPlan): number =>
  validatePddlPlan(post, problem, parsePlan(formatHierarchicalPlan(plan))).length;

describe('valid plans of a generated problem', () => {
  it('are valid', () => {
    for (let places = 3; places < 9; places += 1) {
      for (let trips = 1; trips < 5; trips += 1) {
        const { problem, plan } = longHaul(places, trips);
        expect(validatePddlPlan(post, problem, parsePlan(formatHierarchicalPlan(plan)))).toEqual([]);
      }
    }
  });

  it.each(Object.entries(MUTATIONS))(`are refused with %s, ${ROUNDS} times`, (name, mutate) => {
    for (let seed = 0; seed < ROUNDS; seed += 1) {
      const chance = seededRandom(seed);
      const pick: Pick = (from) => {
        const item = from[Math.floor(chance() * from.length)];
        if (item === undefined) throw new Error(`nothing to pick for ${name}`);
        return item;
      };
      const { problem, plan } = longHaul(3 + Math.floor(chance() * 4), 1 + Math.floor(chance() * 3));
      expect([seed, judgeText(problem, mutate(plan, pick)) > 0]).toEqual([seed, true]);
    }
  });
});
