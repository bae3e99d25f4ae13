import { parseDomain } from '../pddl/parse-domain';
import { parseProblem } from '../pddl/parse-problem';
import type { PddlAnswer, PlanningBudget } from '../pddl/model';
import { validatePddlPlan } from '../pddl-plan/validate-pddl-plan';
import { solve } from './solve';
import { Replay } from './testing/replay';

const AMPLE: PlanningBudget = { maxNodes: 100_000, isOver: () => false };

function plan(domainBody: string, problemBody: string, budget = AMPLE): PddlAnswer {
  const domain = parseDomain(`(define (domain d) ${domainBody})`);
  const problem = parseProblem(`(define (problem p) (:domain d) ${problemBody})`, domain);
  const answer = solve(domain, problem, budget);
  const replay = new Replay(domain, problem);
  if (answer.kind === 'hierarchical') expect(replay.checkHierarchical(answer.plan)).toBeNull();
  if (answer.kind === 'classical') expect(replay.checkSequence(answer.plan)).toBeNull();
  return answer;
}

function steps(answer: PddlAnswer): string[] {
  if (answer.kind === 'hierarchical') return answer.plan.actions.map(({ task }) => [task.name, ...task.args].join(' '));
  return answer.kind === 'classical' ? answer.plan.map(({ name, args }) => [name, ...args].join(' ')) : [answer.kind];
}

const WALK = `(:requirements :typing :hierarchy :negative-preconditions) (:types place)
  (:predicates (at ?p - place) (road ?a ?b - place) (seen ?p - place))
  (:task go :parameters (?p - place))
  (:method via :parameters (?p ?q - place) :task (go ?p) :ordered-subtasks (and (go ?q) (drive ?q ?p)))
  (:method there :parameters (?p - place) :task (go ?p) :precondition (at ?p) :ordered-subtasks ())
  (:action drive :parameters (?a ?b - place) :precondition (and (at ?a) (road ?a ?b))
    :effect (and (not (at ?a)) (at ?b) (seen ?b)))`;
const MAP = '(:objects a b c d - place)';

describe('derived predicates that the initial state states outright', () => {
  const domain = (precondition: string): string => `(:constants a b) (:predicates (p ?x) (seen ?x) (done))
    (:derived (seen ?x) (p ?x)) (:action end :parameters () :precondition ${precondition} :effect (done))`;

  it('hold wherever they are asked for, as the validator has it', () => {
    const world = parseDomain(`(define (domain d) ${domain('(seen b)')})`);
    const goal = '(:init (seen b)) (:goal (and (done) (seen b)))';
    const problem = parseProblem(`(define (problem p) (:domain d) ${goal})`, world);
    const answer = solve(world, problem, AMPLE);
    expect(steps(answer)).toEqual(['end']);
    expect(answer.kind === 'classical' && validatePddlPlan(world, problem, answer)).toEqual([]);
  });

  it('do not count as absent, and leave the others to the rules', () => {
    expect(plan(domain('(not (seen b))'), '(:init (seen b)) (:goal (done))').kind).toBe('unsolvable');
    expect(plan(domain('(seen a)'), '(:init (seen b)) (:goal (done))').kind).toBe('unsolvable');
  });
});

it('a quantifier over very many objects ends with the budget, before all its cases are made', () => {
  const vars = Array.from({ length: 12 }, (_, index) => `?v${index}`).join(' ');
  const objects = Array.from({ length: 30 }, (_, index) => `o${index}`).join(' ');
  let asked = 0;
  const budget: PlanningBudget = { maxNodes: 100_000, isOver: () => (asked += 1) > 9 };
  const domain = `(:predicates (p) (q ?x)) (:action x :parameters () :effect (and (p) (forall (${vars}) (q ?v0))))`;
  expect(plan(domain, `(:objects ${objects}) (:init) (:goal (p))`, budget).kind).toBe('exhausted');
});

describe('decomposing a network', () => {
  it('finds a way through a recursion whose first member is the recursion', () => {
    const answer = plan(
      WALK,
      `${MAP} (:htn :parameters () :ordered-subtasks (and (go c))) (:init (at a) (road a b) (road b c))`,
    );
    expect(steps(answer)).toEqual(['drive a b', 'drive b c']);
  });

  it('also reaches the goal condition that goes with the network', () => {
    const htn = '(:htn :parameters () :ordered-subtasks (and (go c)))';
    const answer = plan(WALK, `${MAP} ${htn} (:init (at a) (road a c) (road a b) (road b c)) (:goal (seen b))`);
    expect(steps(answer)).toEqual(['drive a b', 'drive b c']);
  });

  it('proves that a place behind no road cannot be reached', () => {
    const answer = plan(
      WALK,
      `${MAP} (:htn :parameters () :ordered-subtasks (and (go d))) (:init (at a) (road a b) (road b a))`,
    );
    expect(answer.kind).toBe('unsolvable');
  });

  it('binds the variables of the initial network', () => {
    const htn = '(:htn :parameters (?x - place) :ordered-subtasks (and (go ?x) (drive ?x d)))';
    expect(steps(plan(WALK, `${MAP} ${htn} (:init (at a) (road a b) (road b d))`))).toEqual(['drive a b', 'drive b d']);
  });

  it('answers the same question twice alike', () => {
    const problem = `${MAP} (:htn :parameters () :ordered-subtasks (and (go d) (go a)))
      (:init (at a) (road a b) (road b c) (road c d) (road d a) (road b d))`;
    expect(plan(WALK, problem)).toEqual(plan(WALK, problem));
  });
});

describe('budgets', () => {
  const loop = `${MAP} (:htn :parameters () :ordered-subtasks (and (go b) (go c) (go a) (go d)))
    (:init (at a) (road a b) (road b c) (road c a))`;
  const problem = loop.replace('(road c a)', '(road c a) (road a d)');

  it('ends at the number of nodes with what it has', () => {
    expect(plan(WALK, problem, { maxNodes: 0, isOver: () => false }).kind).toBe('exhausted');
  });

  it('ends when the caller says so', () => {
    expect(plan(WALK, problem, { maxNodes: 1e9, isOver: () => true })).toEqual({
      kind: 'exhausted',
      nodes: 0,
      partial: [],
    });
  });

  it('finds the plan when it may look on', () => {
    expect(steps(plan(WALK, problem)).at(-1)).toBe('drive a d');
  });
});

describe('partial order', () => {
  const domain = `(:requirements :typing :hierarchy) (:types thing) (:predicates (open) (has ?t - thing))
    (:task all :parameters ())
    (:method m :parameters () :task (all) :subtasks (and (t1 (take)) (t2 (unlock)) (t3 (leave))) :ordering (and (< t1 t3)))
    (:action take :parameters () :precondition (open) :effect ())
    (:action unlock :parameters () :precondition () :effect (open))
    (:action leave :parameters () :precondition () :effect ())`;

  it('orders members by what they need and keeps their declared order in the tree', () => {
    const answer = plan(domain, '(:htn :parameters () :subtasks (and (all))) (:init)');
    expect(steps(answer).slice(0, 2)).toEqual(['unlock', 'take']);
    const tree = answer.kind === 'hierarchical' ? answer.plan : null;
    const names = tree?.decompositions[0]?.children.map((id) => tree.actions.find((one) => one.id === id)?.task.name);
    expect(names).toEqual(['take', 'unlock', 'leave']);
  });

  it('proves that no interleaving works', () => {
    const locked = domain.replace('(< t1 t3)', '(< t1 t2)');
    expect(plan(locked, '(:htn :parameters () :subtasks (and (all))) (:init)').kind).toBe('unsolvable');
  });
});

describe('conditions and effects in PDDL', () => {
  const lamps = (
    condition: string,
    effect: string,
  ) => `(:requirements :adl :derived-predicates) (:types big - lamp) (:constants x y - lamp z - big)
    (:predicates (on ?l - lamp) (linked ?a ?b - lamp) (done) (lit ?l - lamp))
    (:action press :parameters (?l - lamp) :precondition (not (on ?l)) :effect ${effect})
    (:action finish :parameters () :precondition ${condition} :effect (done))`;

  it.each([
    ['forall over a type with its subtypes', '(forall (?l - lamp) (on ?l))', 3],
    ['forall over a subtype', '(forall (?l - big) (on ?l))', 1],
    ['exists', '(exists (?l - lamp) (on ?l))', 1],
    ['or', '(or (on z) (and (on x) (on y)))', 1],
    ['imply', '(imply (on x) (on y))', 0],
    ['equality', '(exists (?a ?b - lamp) (and (on ?a) (on ?b) (not (= ?a ?b))))', 2],
  ])('understands %s', (_name, condition, presses) => {
    const answer = plan(lamps(condition, '(on ?l)'), `(:init) (:goal (done))`);
    expect(steps(answer)).toHaveLength(presses + 1);
  });

  it('applies conditional effects for all objects, as they were before the action', () => {
    const effect = '(and (on ?l) (forall (?m - lamp) (when (and (on ?m) (linked ?m ?l)) (not (on ?m)))))';
    const answer = plan(lamps('(and (on x) (on y))', effect), `(:init (linked x y)) (:goal (done))`);
    expect(steps(answer).slice(-3)).toEqual(['press y', 'press x', 'finish']);
  });

  it('derives predicates by recursive axioms, also their absence', () => {
    const axiom = '(:derived (lit ?l - lamp) (or (on ?l) (exists (?m - lamp) (and (linked ?m ?l) (lit ?m)))))';
    const domain = `${lamps('(and (lit z) (not (lit y)))', '(on ?l)').replace('(:action press', `${axiom} (:action press`)}`;
    const answer = plan(domain, `(:init (linked x z)) (:goal (done))`);
    expect(steps(answer)).toHaveLength(2);
    expect(steps(answer)).not.toContain('press y');
  });

  it('proves that a goal nothing adds cannot be reached', () => {
    const answer = plan(lamps('(linked x y)', '(on ?l)'), `(:init) (:goal (done))`);
    expect(answer.kind).toBe('unsolvable');
  });

  it('proves by seeing every state that two goals exclude each other', () => {
    const domain = `(:requirements :strips) (:predicates (a) (b) (key))
      (:action one :parameters () :precondition (key) :effect (and (a) (not (key))))
      (:action two :parameters () :precondition (key) :effect (and (b) (not (key))))`;
    expect(plan(domain, '(:init (key)) (:goal (and (a) (b)))').kind).toBe('unsolvable');
  });
});

it('walks ten thousand recursions deep', () => {
  const count = 10_000;
  const domain = `(:requirements :typing :hierarchy) (:types n) (:predicates (next ?a ?b - n) (at ?a - n) (end ?a - n))
    (:task walk :parameters ())
    (:method go :parameters (?a ?b - n) :task (walk) :precondition (and (at ?a) (next ?a ?b))
      :ordered-subtasks (and (step ?a ?b) (walk)))
    (:method stop :parameters (?a - n) :task (walk) :precondition (and (at ?a) (end ?a)) :ordered-subtasks ())
    (:action step :parameters (?a ?b - n) :precondition (at ?a) :effect (and (at ?b) (not (at ?a))))`;
  const names = Array.from({ length: count }, (_, index) => `n${index}`);
  const init = names.slice(1).map((name, index) => `(next n${index} ${name})`);
  const text = `(define (problem p) (:domain d) (:objects ${names.join(' ')} - n)
    (:htn :parameters () :ordered-subtasks (and (walk))) (:init (at n0) (end n${count - 1}) ${init.join(' ')}))`;
  const parsed = parseDomain(`(define (domain d) ${domain})`);
  const answer = solve(parsed, parseProblem(text, parsed), AMPLE);
  expect(steps(answer)).toHaveLength(count - 1);
});
