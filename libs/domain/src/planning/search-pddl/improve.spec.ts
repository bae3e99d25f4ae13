import { parseDomain } from '../pddl/parse-domain';
import { parseProblem } from '../pddl/parse-problem';
import type { PddlAnswer } from '../pddl/model';
import { planCost, validatePddlPlan } from '../pddl-plan/validate-pddl-plan';
import { solve } from './solve';

/** Places in a row with dear express trains from end to end and cheap slow ones from place to place. */
const HEAD = `(define (domain rail) (:requirements :typing :action-costs) (:types place train)
  (:predicates (at ?t - train ?p - place) (next ?a ?b - place)) (:functions (total-cost) (fare ?a ?b - place))`;
const ACTIONS = `(:action express :parameters (?t - train ?a ?b - place) :precondition (at ?t ?a)
    :effect (and (not (at ?t ?a)) (at ?t ?b) (increase (total-cost) 50)))
  (:action slow :parameters (?t - train ?a ?b - place) :precondition (and (at ?t ?a) (next ?a ?b))
    :effect (and (not (at ?t ?a)) (at ?t ?b) (increase (total-cost) (fare ?a ?b)))))`;
const network = (members: string): string => `${HEAD} (:task go :parameters (?t - train ?to - place))
  (:method there :parameters (?t - train ?to - place) :task (go ?t ?to) :precondition (at ?t ?to) :subtasks ())
  (:method express-way :parameters (?t - train ?a ?to - place) :task (go ?t ?to) :precondition (at ?t ?a) :subtasks (express ?t ?a ?to))
  (:method slow-way :parameters (?t - train ?a ?b ?to - place) :task (go ?t ?to) :precondition (and (at ?t ?a) (next ?a ?b))
    :${members} (and (one (slow ?t ?a ?b)) (two (go ?t ?to)))${members === 'subtasks' ? ' :ordering (and (< one two))' : ''}) ${ACTIONS}`;
const problem = (htn: string, metric: string): string => `(define (problem p) (:domain rail)
  (:objects t u - train p0 p1 p2 p3 p4 - place) ${htn}
  (:init (at t p0) (at u p4) ${[0, 1, 2, 3].map((n) => `(next p${n} p${n + 1}) (= (fare p${n} p${n + 1}) ${n + 2})`).join(' ')})
  (:goal (and (at t p4) (at u p4))) ${metric})`;
const CASES: [string, string, string][] = [
  ['classical', `${HEAD} ${ACTIONS}`, ''],
  ['totally ordered', network('ordered-subtasks'), '(:htn :parameters () :ordered-subtasks (and (go t p4) (go u p4)))'],
  ['partially ordered', network('subtasks'), '(:htn :parameters () :subtasks (and (go t p4) (go u p4)))'],
];

function planned(domainText: string, htn: string, metric: string): { cost: number; actions: number; nodes: number } {
  const domain = parseDomain(domainText);
  const read = parseProblem(problem(htn, metric), domain);
  const answer: PddlAnswer = solve(domain, read, { maxNodes: 5_000, isOver: () => false });
  if (answer.kind !== 'classical' && answer.kind !== 'hierarchical') throw new Error(answer.kind);
  expect(validatePddlPlan(domain, read, answer)).toEqual([]);
  const actions = answer.kind === 'classical' ? answer.plan : answer.plan.actions.map(({ task }) => task);
  return {
    cost: planCost(domain, { ...read, minimizesCost: true }, actions),
    actions: actions.length,
    nodes: answer.nodes,
  };
}

describe.each(CASES)('a %s problem', (_, domain, htn) => {
  it('is solved cheaply where it asks for that, shortly where it does not', () => {
    const short = planned(domain, htn, '');
    const cheap = planned(domain, htn, '(:metric minimize (total-cost))');
    expect(short).toMatchObject({ actions: 1, cost: 50 });
    expect(cheap).toMatchObject({ actions: 4, cost: 2 + 3 + 4 + 5 });
    expect(cheap.nodes).toBe(short.nodes); // looking for cheaper ones is not counted against the search
  });
});
