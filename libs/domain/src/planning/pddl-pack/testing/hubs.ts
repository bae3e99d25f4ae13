import type { TaskRequest } from '../../../goals/goal';
import type { Json } from '../../../json';
import type { Plan, PlanStep } from '../../plan';
import { packOfDomain } from '../pack-of-domain';

const wordOf = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));
const HUBS = `(define (domain hubs)
  (:requirements :typing :hierarchy :negative-preconditions)
  (:types parcel place van - object)
  (:predicates (at ?x - parcel ?p - place) (stands ?v - van ?p - place) (in ?x - parcel ?v - van) (road ?a ?b - place) (closed ?a ?b - place))
  (:task deliver :parameters (?x - parcel ?to - place))
  (:task bring :parameters (?v - van ?to - place))
  (:method there :parameters (?x - parcel ?to - place) :task (deliver ?x ?to) :precondition (at ?x ?to) :subtasks ())
  (:method carry :parameters (?x - parcel ?from ?to - place ?v - van) :task (deliver ?x ?to)
    :precondition (and (at ?x ?from) (not (at ?x ?to)))
    :ordered-subtasks (and (bring ?v ?from) (load ?v ?x ?from) (bring ?v ?to) (unload ?v ?x ?to)))
  (:method stay :parameters (?v - van ?to - place) :task (bring ?v ?to) :precondition (stands ?v ?to) :subtasks ())
  (:method go :parameters (?v - van ?a ?b ?to - place) :task (bring ?v ?to)
    :precondition (and (stands ?v ?a) (not (stands ?v ?to))) :ordered-subtasks (and (drive ?v ?a ?b) (bring ?v ?to)))
  (:action drive :parameters (?v - van ?a ?b - place)
    :precondition (and (stands ?v ?a) (road ?a ?b) (not (closed ?a ?b))) :effect (and (not (stands ?v ?a)) (stands ?v ?b)))
  (:action load :parameters (?v - van ?x - parcel ?p - place)
    :precondition (and (stands ?v ?p) (at ?x ?p)) :effect (and (not (at ?x ?p)) (in ?x ?v)))
  (:action unload :parameters (?v - van ?x - parcel ?p - place)
    :precondition (and (stands ?v ?p) (in ?x ?v)) :effect (and (at ?x ?p) (not (in ?x ?v)))))`;

const tool = (name: string) => ({ tools: [{ tool: 'test.note', args: { what: name } }] });
export const hubs = packOfDomain({
  domain: HUBS,
  bindings: {
    name: 'hubs',
    version: '1.0.0',
    summary: 'Vans bring parcels.',
    world: {
      objects: { A: 'place', B: 'place', C: 'place', D: 'place' },
      init: [
        ['road', 'A', 'B'],
        ['road', 'B', 'D'],
        ['road', 'A', 'C'],
        ['road', 'C', 'D'],
        ['road', 'B', 'A'],
        ['road', 'C', 'A'],
      ],
    },
    tasks: { deliver: { phrasings: ['deliver {x} to {to}'], goal: [['at', '$x', '$to']] } },
    primitives: {
      drive: {
        ...tool('drive'),
        checks: [{ path: 'arrived', equals: '$b', otherwise: [{ predicate: 'closed', args: ['$a', '$b'] }] }],
      },
      load: tool('load'),
      unload: tool('unload'),
    },
  },
});
export const descriptor = {
  name: 'test.note',
  version: '1.0.0',
  summary: '',
  kind: 'plugin',
  effect: 'pure',
  boundMs: 1,
  timeoutMs: 10,
  costUsd: 0,
} as const;
export const context = { packs: [hubs], facts: [], tools: [descriptor] };
export const problem = {
  objects: { P: 'parcel', Q: 'parcel', V: 'van', W: 'van' },
  init: [
    ['at', 'P', 'A'],
    ['at', 'Q', 'C'],
    ['stands', 'V', 'A'],
    ['stands', 'W', 'C'],
  ],
};
export const twoParcels: TaskRequest = {
  name: 'hubs.problem',
  args: {
    problem: {
      ...problem,
      tasks: [
        ['deliver', 'P', 'D'],
        ['deliver', 'Q', 'D'],
      ],
      ordering: [],
      goal: [
        ['at', 'P', 'D'],
        ['at', 'Q', 'D'],
      ],
    },
  },
};
/** The steps of a plan, each as its operator with its arguments. */
export const names = (plan: Plan): string[] =>
  plan.steps.map(({ operator, args }) => [operator, ...Object.values(args)].map(wordOf).join(' '));
/** The step that is so written. */
export const find = (plan: Plan, text: string): PlanStep => {
  const step = plan.steps[names(plan).indexOf(text)];
  if (!step) throw new Error(`no step ${text} in ${names(plan).join('; ')}`);
  return step;
};
