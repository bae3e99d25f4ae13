import type { PddlAnswer, PddlDomain, PddlProblem } from '../pddl/model';
import { parseDomain } from '../pddl/parse-domain';
import { parseProblem } from '../pddl/parse-problem';
import { solve } from '../search-pddl/solve';
import { formatHierarchicalPlan } from './format-plan';
import { parsePlan } from './parse-plan';
import { seededRandom } from '../../chance';
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

function shuffled<Item>(chance: Chance, items: readonly Item[]): Item[] {
  const left = [...items];
  return items.flatMap(() => left.splice(whole(chance, left.length), 1));
}

/** With the parts of every decomposition, and the roots, named in any order: the format says nothing of one. */
function shuffledParts(chance: Chance, found: PddlPlan): PddlPlan {
  if (found.kind === 'classical') return found;
  const { actions, roots, decompositions } = found.plan;
  const mixed = decompositions.map((one) => ({ ...one, children: shuffled(chance, one.children) }));
  return { kind: 'hierarchical', plan: { actions, roots: shuffled(chance, roots), decompositions: mixed } };
}

describe('plans of random problems, ordered in part', () => {
  it('are accepted from the planner, whatever the order of declarations and the way they are written', () => {
    const kinds = new Map<string, number>();
    let longest = 0;
    for (let seed = 0; seed < 250; seed += 1) {
      const chance = seededRandom(seed);
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

  it('are accepted with the parts of their methods named in any order', () => {
    let judged = 0;
    for (let seed = 1_000; seed < 1_400; seed += 1) {
      const chance = seededRandom(seed);
      const domain = parseDomain(randomDomain(chance));
      const problem = parseProblem(randomProblem(chance), domain);
      const found = plan(domain, problem);
      if (found.kind !== 'hierarchical') continue;
      for (let round = 0; round < 4; round += 1) {
        const mixed = shuffledParts(chance, found);
        if (mixed.kind === 'hierarchical' && mixed.plan.decompositions.length > 1) judged += 1;
        expect([seed, validatePddlPlan(domain, problem, mixed)]).toEqual([seed, []]);
      }
    }
    expect(judged).toBeGreaterThan(200);
  });

  it('are accepted where only types, constraints or a precondition tell which part is which', () => {
    const domain = parseDomain(`(define (domain d) (:requirements :typing :hierarchy :method-preconditions :equality)
      (:types red blue - thing) (:constants r - red) (:predicates (lit ?x - thing)) (:task top :parameters ()) (:task by :parameters ())
      (:task low :parameters ())
      (:method m-type :parameters (?a - red ?b - blue) :task (top) :subtasks (and (k1 (go ?a)) (k2 (go ?b))))
      (:method m-same :parameters (?a ?b - thing) :task (by) :subtasks (and (k1 (go ?a)) (k2 (go ?b)))
        :constraints (not (= ?a r)))
      (:method m-lit :parameters (?a ?b - thing) :task (low) :precondition (lit ?a)
        :subtasks (and (k1 (go ?a)) (k2 (go ?b))))
      (:action go :parameters (?x - thing) :precondition () :effect ()))`);
    const judge = (task: string, parts: string): readonly string[] => {
      const text = `(define (problem p) (:domain d) (:objects b - blue) (:init (lit b)) (:htn :subtasks (and (t (${task})))))`;
      const problem = parseProblem(text, domain);
      const lines = `==>\n1 go r\n2 go b\nroot 0\n0 ${task} -> ${parts}\n<==\n`;
      return validatePddlPlan(domain, problem, parsePlan(lines)).map(({ code }) => code);
    };
    for (const [task, method] of [
      ['top', 'm-type'],
      ['by', 'm-same'],
      ['low', 'm-lit'],
    ] as const) {
      expect([task, judge(task, `${method} 1 2`), judge(task, `${method} 2 1`)]).toEqual([task, [], []]);
    }
  });
});
