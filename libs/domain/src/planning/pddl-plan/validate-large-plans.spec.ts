import type { PddlDomain } from '../pddl/model';
import { parseDomain } from '../pddl/parse-domain';
import { parseProblem } from '../pddl/parse-problem';
import { formatHierarchicalPlan } from './format-plan';
import { parsePlan } from './parse-plan';
import { judge, longHaul, post } from './testing/post';
import { validatePddlPlan } from './validate-pddl-plan';

describe('a plan of size', () => {
  it('judges a deep plan of 20,000 steps, and finds the one step of it that is wrong', () => {
    const { problem, plan } = longHaul(1_000, 20);
    expect(plan.actions.length).toBeGreaterThan(19_900);
    const parsed = parsePlan(formatHierarchicalPlan(plan));
    expect(validatePddlPlan(postWithoutJoined(), problem, parsed)).toEqual([]);
    const [first, ...rest] = plan.actions;
    const middle = plan.actions[10_000];
    if (!first || !middle) throw new Error('the plan is too short');
    const wrong = { id: middle.id, task: { name: 'drive', args: ['v', 'depot', 'depot'] } };
    const actions = [first, ...rest].map((action) => (action === middle ? wrong : action));
    const findings = validatePddlPlan(postWithoutJoined(), problem, {
      kind: 'hierarchical',
      plan: { ...plan, actions },
    });
    expect(findings.map(({ at }) => ('id' in at ? at.id : null))).toContain(middle.id);
  });

  it('judges an initial network of 20,000 tasks, in order and out of order', () => {
    const count = 20_000;
    const tasks = Array.from({ length: count }, (_, index) => `(drive v ${index % 2 === 0 ? 'a depot' : 'depot a'})`);
    const problem = parseProblem(
      `(define (problem p) (:domain post) (:objects a - place v - van)
        (:htn :ordered-subtasks (and ${tasks.join(' ')})) (:init (at v a) (road a depot) (road depot a)))`,
      post,
    );
    const lines = tasks.map((task, index) => `${index} ${task.slice(1, -1)}`);
    const text = (order: readonly string[]): string =>
      `==>\n${order.join('\n')}\nroot ${lines.map((_, index) => index).join(' ')}\n<==`;
    expect(judge(problem, text(lines))).toEqual([]);
    const swapped = [lines[2] ?? '', ...lines.slice(1, 2), lines[0] ?? '', ...lines.slice(3)];
    expect(judge(problem, text(swapped)).map(({ code }) => code)).toContain('plan.ordering');
  });

  it('binds many variables over many objects without trying all of them', () => {
    const domain = parseDomain(`(define (domain wide) (:requirements :typing :hierarchy :method-preconditions)
      (:predicates (next ?a ?b) (end ?a)) (:task t :parameters ())
      (:method m :parameters (?a ?b ?c ?d ?e ?f) :task (t)
        :precondition (and (next ?a ?b) (next ?b ?c) (next ?c ?d) (next ?d ?e) (next ?e ?f) (end ?f)) :subtasks ()))`);
    const names = Array.from({ length: 3_000 }, (_, index) => `o${index}`);
    const links = names.slice(1).map((name, index) => `(next ${names[index]} ${name})`);
    const problem = parseProblem(
      `(define (problem p) (:domain wide) (:objects ${names.join(' ')}) (:htn :subtasks (and (t)))
        (:init ${links.join(' ')} (end o2999)))`,
      domain,
    );
    expect(judge(problem, '==>\nroot 0\n0 t -> m\n<==', domain)).toEqual([]);
  });
});

/** The roads' closure of a thousand places is a million facts; long hauls do without it. */
function postWithoutJoined(): PddlDomain {
  const methods = post.methods.map((method) =>
    method.name === 'm-go'
      ? {
          ...method,
          precondition: {
            kind: 'not' as const,
            of: { kind: 'atom' as const, atom: { predicate: 'at', args: ['?v', '?to'] } },
          },
        }
      : method,
  );
  return { ...post, axioms: [], methods };
}

describe('derived facts', () => {
  const domain = parseDomain(`(define (domain net) (:requirements :adl :derived-predicates) (:types node)
    (:predicates (wire ?a ?b - node) (live ?a - node) (path ?a ?b - node) (dead ?a - node) (all-live))
    (:derived (path ?a ?b - node) (or (wire ?a ?b) (exists (?c - node) (and (wire ?a ?c) (path ?c ?b)))))
    (:derived (dead ?a - node) (not (exists (?b - node) (and (live ?b) (or (= ?a ?b) (path ?b ?a))))))
    (:derived (all-live) (forall (?a - node) (imply (dead ?a) (all-live))))
    (:action cut :parameters (?a ?b - node) :precondition (and (wire ?a ?b) (all-live)) :effect (not (wire ?a ?b)))
    (:action mend :parameters (?a ?b - node) :precondition (and (not (all-live)) (dead ?b) (not (dead ?a)))
      :effect (wire ?a ?b)))`);
  const names = Array.from({ length: 150 }, (_, index) => `n${index}`);
  const wires = names.slice(1).map((name, index) => `(wire ${names[index]} ${name})`);
  const problem = parseProblem(
    `(define (problem p) (:domain net) (:objects ${names.join(' ')} - node) (:init (live n0) ${wires.join(' ')})
      (:goal (and (path n0 n149) (not (path n149 n0)) (all-live))))`,
    domain,
  );

  it('are worked out along a long chain, again after each change', () => {
    const away = '(cut n0 n1)\n(mend n0 n1)\n(cut n70 n71)\n(mend n3 n71)';
    expect(judge(problem, `${away}\n`, domain)).toEqual([]);
    expect(judge(problem, `${away}\n(cut n148 n149)`, domain).map(({ code }) => code)).toEqual(['plan.goal']);
    expect(judge(problem, '(cut n0 n1)\n(cut n1 n2)', domain).map(({ message }) => message)[0]).toContain('(all-live)');
    expect(judge(problem, '(cut n0 n1)\n(mend n1 n2)', domain).map(({ message }) => message)[0]).toContain(
      '(dead n1) holds',
    );
  });
});
