import type { PddlAnswer, PddlDomain, PddlProblem } from '../pddl/model';
import { parseDomain } from '../pddl/parse-domain';
import { parseProblem } from '../pddl/parse-problem';
import { solve } from '../search-pddl/solve';
import { formatHierarchicalPlan } from './format-plan';
import { parsePlan } from './parse-plan';
import { chanceOf } from './testing/post';
import { type PddlPlan, validatePddlPlan } from './validate-pddl-plan';

type Chance = () => number;
const whole = (chance: Chance, below: number): number => Math.floor(chance() * below);
const some = <Item>(chance: Chance, from: readonly Item[]): Item => from[whole(chance, from.length)] as Item;
const times = <Item>(count: number, make: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, i) => make(i));

/** Random networks over switches: partial order, preconditions of methods, empty methods, recursion, open variables. */
function randomDomain(chance: Chance): string {
  const literal = (term: string): string => {
    const atom = `(${some(chance, ['p', 'q', 'r'])} ${term})`;
    return chance() < 0.4 ? `(not ${atom})` : atom;
  };
  const actions = times(4, (index) => {
    const effects = ['p', 'q', 'r']
      .filter(() => chance() < 0.6)
      .map((name) => (chance() < 0.4 ? `(not (${name} ?x))` : `(${name} ?x)`));
    const when = chance() < 0.3 ? `(when ${literal('?x')} ${literal('?x')})` : '';
    return `(:action a${index} :parameters (?x - thing) :precondition ${literal('?x')} :effect (and ${effects.join(' ')} ${when}))`;
  });
  const methods = times(3, (task) =>
    times(2, (which) => {
      const parts = times(whole(chance, 4), (index) => {
        const name = chance() < 0.7 ? `a${whole(chance, 4)}` : `t${whole(chance, 3)}`;
        return `(k${index} (${name} ${chance() < 0.7 ? '?x' : '?y'}))`;
      });
      const pairs = parts.flatMap((_, later) => times(later, (earlier) => `(< k${earlier} k${later})`));
      const ordering = pairs.filter(() => chance() < 0.4);
      const precondition = chance() < 0.5 ? `:precondition (and ${literal('?x')} ${literal('?y')})` : '';
      return `(:method m${task}-${which} :parameters (?x ?y - thing) :task (t${task} ?x) ${precondition}
        :subtasks (and ${parts.join(' ')}) :ordering (and ${ordering.join(' ')}))`;
    }).join('\n'),
  );
  const tasks = times(3, (index) => `(:task t${index} :parameters (?x - thing))`);
  return `(define (domain random) (:requirements :adl :hierarchy :method-preconditions) (:types thing)
    (:predicates (p ?x - thing) (q ?x - thing) (r ?x - thing)) ${tasks.join(' ')} ${methods.join('\n')} ${actions.join('\n')})`;
}

function randomProblem(chance: Chance): string {
  const facts = ['p', 'q', 'r'].flatMap((name) => ['u', 'v'].map((object) => `(${name} ${object})`));
  const roots = times(
    1 + whole(chance, 3),
    (index) => `(k${index} (t${whole(chance, 3)} ${some(chance, ['u', 'v', '?z'])}))`,
  );
  const ordering = roots.length > 1 && chance() < 0.5 ? ':ordering (and (< k0 k1))' : '';
  return `(define (problem p) (:domain random) (:objects u v - thing)
    (:htn :parameters (?z - thing) :subtasks (and ${roots.join(' ')}) ${ordering})
    (:init ${facts.filter(() => chance() < 0.5).join(' ')}))`;
}

const plan = (domain: PddlDomain, problem: PddlProblem): PddlAnswer =>
  solve(domain, problem, { maxNodes: 200, isOver: () => false });

const reversed = (domain: PddlDomain): PddlDomain => ({
  ...domain,
  methods: domain.methods.toReversed(),
  actions: domain.actions.toReversed(),
  tasks: domain.tasks.toReversed(),
});

/** As another planner might write it: other ids, decompositions from below, upper case. */
function rewritten(found: PddlPlan): PddlPlan {
  if (found.kind === 'classical') return found;
  const { actions, roots, decompositions } = found.plan;
  const id = (old: number): number => 1_000 - 7 * old;
  return parsePlan(
    formatHierarchicalPlan({
      actions: actions.map((action) => ({ ...action, id: id(action.id) })),
      roots: roots.map(id),
      decompositions: decompositions
        .map((one) => ({ ...one, id: id(one.id), children: one.children.map(id) }))
        .toReversed(),
    })
      .toUpperCase()
      .replace('ROOT', 'root'),
  );
}

describe('plans of random problems, ordered in part', () => {
  it('are accepted from the planner, whatever the order of declarations and the way they are written', () => {
    const kinds = new Map<string, number>();
    let longest = 0;
    for (let seed = 0; seed < 250; seed += 1) {
      const chance = chanceOf(seed);
      const domain = parseDomain(randomDomain(chance));
      const problem = parseProblem(randomProblem(chance), domain);
      const found = plan(domain, problem);
      kinds.set(found.kind, (kinds.get(found.kind) ?? 0) + 1);
      if (found.kind !== 'hierarchical') continue;
      longest = Math.max(longest, found.plan.actions.length);
      expect([seed, validatePddlPlan(domain, problem, found)]).toEqual([seed, []]);
      expect([seed, validatePddlPlan(reversed(domain), problem, rewritten(found))]).toEqual([seed, []]);
    }
    expect(kinds.get('hierarchical')).toBeGreaterThan(100);
    expect(longest).toBeGreaterThan(4);
  });
});
