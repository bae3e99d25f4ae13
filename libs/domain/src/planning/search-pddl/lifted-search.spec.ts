import { parseDomain } from '../pddl/parse-domain';
import { parseProblem } from '../pddl/parse-problem';
import { hierarchicalPlan } from './answers';
import { buildLifted } from './lifted';
import { LiftedDepthFirst } from './lifted-search';
import { Meter } from './meter';
import { Replay } from './testing/replay';
import { buildWorld } from './world';

const DOMAIN = `(define (domain d) (:requirements :typing :hierarchy :negative-preconditions) (:types kid bread)
  (:predicates (free ?b - bread) (plain ?b - bread) (strict ?k - kid))
  (:task serve :parameters (?k - kid))
  (:method any :parameters (?k - kid ?b - bread) :task (serve ?k) :precondition (not (strict ?k)) :ordered-subtasks (and (give ?k ?b)))
  (:method only :parameters (?k - kid ?b - bread) :task (serve ?k) :ordered-subtasks (and (pick ?k ?b) (give ?k ?b)))
  (:action pick :parameters (?k - kid ?b - bread) :precondition (and (strict ?k) (plain ?b) (free ?b)) :effect ())
  (:action give :parameters (?k - kid ?b - bread) :precondition (free ?b) :effect (not (free ?b))))`;

function search(breads: number, plain: readonly number[]) {
  const names = Array.from({ length: breads }, (_, index) => `b${index}`);
  const domain = parseDomain(DOMAIN);
  const problem = parseProblem(
    `(define (problem p) (:domain d) (:objects ann bob cat - kid ${names.join(' ')} - bread)
      (:htn :parameters () :ordered-subtasks (and (serve ann) (serve bob) (serve cat)))
      (:init (strict cat) ${names.map((b) => `(free ${b})`).join(' ')} ${plain.map((b) => `(plain b${b})`).join(' ')}))`,
    domain,
  );
  const world = buildWorld(domain, problem);
  const meter = new Meter({ maxNodes: 10_000, isOver: () => false });
  const lifted = new LiftedDepthFirst(buildLifted(world), meter);
  let found = lifted.step();
  while (found === 'going') found = lifted.step();
  const plan = found === 'empty' ? null : hierarchicalPlan(world, lifted, found.plan);
  return { plan, nodes: meter.nodes, wrong: plan && new Replay(domain, problem).checkHierarchical(plan) };
}

describe('decomposing without grounding', () => {
  it('takes a choice back when a later task needs what was used', () => {
    const { plan, wrong } = search(3, [0]);
    expect(wrong).toBeNull();
    expect(plan?.actions.at(-1)?.task).toEqual({ name: 'give', args: ['cat', 'b0'] });
  });

  it('sees the whole space when there is no plan', () => {
    expect(search(3, []).plan).toBeNull();
  });

  it('needs no more nodes for many objects of a kind than for a few', () => {
    expect(search(300, []).nodes).toBe(search(30, []).nodes);
  });
});
