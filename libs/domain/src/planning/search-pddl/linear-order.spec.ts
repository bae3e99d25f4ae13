import { parseDomain } from '../pddl/parse-domain';
import { parseProblem } from '../pddl/parse-problem';
import { validatePddlPlan } from '../pddl-plan/validate-pddl-plan';
import { buildLifted } from './lifted';
import { solve } from './solve';
import { buildWorld } from './world';

/** A meal whose parts are listed in the wrong order; and one task that ends only when two others are interleaved. */
const DOMAIN = parseDomain(`(define (domain meal) (:requirements :hierarchy :typing) (:types dish)
  (:predicates (raw ?d - dish) (cooked ?d - dish) (eaten ?d - dish) (hot) (token) (seen))
  (:task meal :parameters (?d - dish)) (:task prepare :parameters (?d - dish)) (:task pair :parameters ())
  (:task give-take :parameters ()) (:task use-return :parameters ())
  (:method all :parameters (?d - dish) :task (meal ?d) :subtasks (and (e (eat ?d)) (p (prepare ?d)) (h (heat))))
  (:method prepare-it :parameters (?d - dish) :task (prepare ?d) :subtasks (and (c (cook ?d))))
  (:method both :parameters () :task (pair) :subtasks (and (a (give-take)) (b (use-return))))
  (:method gt :parameters () :task (give-take) :ordered-subtasks (and (give) (take)))
  (:method ur :parameters () :task (use-return) :ordered-subtasks (and (use) (return)))
  (:action heat :parameters () :precondition () :effect (hot))
  (:action cook :parameters (?d - dish) :precondition (and (raw ?d) (hot)) :effect (and (cooked ?d) (not (raw ?d))))
  (:action eat :parameters (?d - dish) :precondition (cooked ?d) :effect (eaten ?d))
  (:action give :parameters () :precondition () :effect (token))
  (:action use :parameters () :precondition (token) :effect (and (seen) (not (token))))
  (:action return :parameters () :precondition (seen) :effect (token))
  (:action take :parameters () :precondition (and (token) (seen)) :effect (not (token))))`);
const text = (tasks: string, init = '(raw soup)'): string =>
  `(define (problem p) (:domain meal) (:objects soup bread - dish) (:htn :parameters () :subtasks (and ${tasks})) (:init ${init}))`;
const solved = (problemText: string, maxNodes = 1_000) => {
  const problem = parseProblem(problemText, DOMAIN);
  const answer = solve(DOMAIN, problem, { maxNodes, isOver: () => false });
  if (answer.kind === 'hierarchical') expect(validatePddlPlan(DOMAIN, problem, answer)).toEqual([]);
  return answer;
};

describe('one order of a partially ordered network', () => {
  it('puts what gives a fact before what needs it, however they are listed, and keeps what is demanded', () => {
    const problem = parseProblem(text('(x (meal soup)) (y (heat))'), DOMAIN);
    const lifted = buildLifted(buildWorld(DOMAIN, problem));
    expect(lifted.methods.get('meal')?.[0]?.sequence).toEqual([2, 1, 0]); // heat, prepare, eat
    expect(lifted.root?.sequence).toEqual([1, 0]);
    const demanded = text('(x (meal soup)) (y (heat))')
      .replace('(:init', '(:init')
      .replace(')) (:init', ') :ordering (< x y)) (:init');
    const other = buildLifted(buildWorld(DOMAIN, parseProblem(demanded, DOMAIN)));
    expect(other.root?.sequence).toEqual([0, 1]);
  });

  it('is not the only one that is searched: plans that interleave are found, and its end proves nothing', () => {
    const answer = solved(text('(x (pair))'));
    expect(answer).toMatchObject({ kind: 'hierarchical' });
    const names = answer.kind === 'hierarchical' ? answer.plan.actions.map(({ task }) => task.name) : [];
    expect(names).toEqual(['give', 'use', 'return', 'take']);
  });

  it('leaves the proof that there is no plan to the search over all orders', () => {
    expect(solved(text('(x (meal soup))', '(cooked bread)')).kind).toBe('unsolvable');
    const two = text('(x (give-take)) (y (give-take))');
    expect(solved(two).kind).toBe('unsolvable'); // nobody uses what is given
  });

  it('sees many independent tasks through at once', () => {
    const tasks = Array.from({ length: 12 }, (_, index) => `(t${index} (pair))`).join(' ');
    const answer = solved(text(tasks), 20_000);
    expect(answer.kind).toBe('hierarchical');
  });

  it('is found for thirty thousand members, and asks the budget meanwhile', () => {
    const tasks = Array.from({ length: 15_000 }, (_, index) => `(m${index} (meal soup)) (h${index} (heat))`).join(' ');
    const problem = parseProblem(text(tasks), DOMAIN);
    const sequence = buildLifted(buildWorld(DOMAIN, problem)).root?.sequence ?? [];
    const declared = Array.from({ length: 15_000 }, (_, index) => 2 * index);
    expect(sequence).toEqual([...declared.map((index) => index + 1), ...declared]); // all that heats, then all meals
    let asked = 0;
    const answer = solve(DOMAIN, problem, { maxNodes: 1_000, isOver: () => (asked += 1) > 1 });
    expect(answer).toMatchObject({ kind: 'exhausted', nodes: 0 });
  });
});
