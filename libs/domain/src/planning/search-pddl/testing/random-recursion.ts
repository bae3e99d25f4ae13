import type { RandomTask } from './random-problems';

type Chance = () => number;

const OBJECTS = ['u', 'v'];
const TERMS = ['?x', '?y'];
const ALL_FACTS = [
  '(on)',
  ...OBJECTS.flatMap((a) => [`(p ${a})`, `(q ${a})`, ...OBJECTS.map((b) => `(to ${a} ${b})`)]),
];

const times = (count: number, make: (index: number) => string): string[] =>
  Array.from({ length: count }, (_, index) => make(index));

/**
 * A small network whose tasks may contain each other and themselves, with negative preconditions of actions and methods, methods without
 * subtasks, parameters that only a condition binds, equality, and a goal beside the network in half of them.
 *
 * @param kind `mixed`: each network is totally or partially ordered, as chance has it
 */
export function randomRecursion(chance: Chance, kind: 'total' | 'partial' | 'mixed'): RandomTask {
  const whole = (below: number): number => Math.floor(chance() * below);
  const some = (from: readonly string[]): string => from[whole(from.length)] ?? '';
  const fact = (terms: readonly string[]): string => {
    const which = whole(4);
    if (which === 0) return '(on)';
    return which === 1 ? `(to ${some(terms)} ${some(terms)})` : `(${which === 2 ? 'p' : 'q'} ${some(terms)})`;
  };
  const literal = (terms: readonly string[], share: number): string =>
    chance() < share ? `(not ${fact(terms)})` : fact(terms);
  const action = (index: number): string => {
    // One effect on each fact: adding and deleting the same one is another question.
    const made = [...new Set(times(1 + whole(2), () => some(['(on)', '(p ?x)', '(q ?x)', '(q ?y)', '(to ?x ?y)'])))];
    const effects = made.map((one) => (chance() < 0.4 ? `(not ${one})` : one)).join(' ');
    const needs = times(1 + whole(2), () => literal(TERMS, 0.4)).join(' ');
    const pair = made.includes('(q ?x)') && made.includes('(q ?y)') ? ' (not (= ?x ?y))' : '';
    return `(:action a${index} :parameters (?x ?y - thing) :precondition (and ${needs}${pair}) :effect (and ${effects}))`;
  };
  const isOrdered = (): boolean => (kind === 'mixed' ? chance() < 0.5 : kind === 'total');
  const network = (members: readonly string[]): string => {
    if (members.length === 0) return '';
    const ordering = members.length > 2 && chance() < 0.5 ? ':ordering (< k0 k2)' : '';
    return isOrdered()
      ? `:ordered-subtasks (and ${members.join(' ')})`
      : `:subtasks (and ${members.join(' ')}) ${ordering}`;
  };
  const method = (task: number, which: number): string => {
    const members = times(whole(4), (index) => {
      const isCompound = chance() < 0.4;
      const name = isCompound ? `t${whole(3)}` : `a${whole(4)}`;
      return `(k${index} (${name} ${some(TERMS)}${isCompound ? '' : ` ${some(TERMS)}`}))`;
    });
    const conditions = times(whole(3), () => (chance() < 0.15 ? '(not (= ?x ?y))' : literal(TERMS, 0.4)));
    const needs = conditions.length > 0 ? `:precondition (and ${conditions.join(' ')})` : '';
    return `(:method m${task}${which} :parameters (?x ?y - thing) :task (t${task} ?x) ${needs} ${network(members)})`;
  };
  const parts = [
    ...times(3, (task) => `(:task t${task} :parameters (?x - thing))`),
    ...[0, 1, 2].flatMap((task) => times(2, (which) => method(task, which))),
    ...times(4, action),
  ];
  const roots = times(1 + whole(2), (index) => `(k${index} (t${whole(3)} ${some(OBJECTS)}))`);
  const goal = chance() < 0.5 ? `(:goal (and ${literal(OBJECTS, 0.3)}))` : '';
  return {
    domain: `(define (domain random) (:requirements :typing :hierarchy :equality :negative-preconditions :method-preconditions)
      (:types thing) (:predicates (p ?x - thing) (q ?x - thing) (to ?x ?y - thing) (on)) ${parts.join('\n')})`,
    problem: `(define (problem small) (:domain random) (:objects ${OBJECTS.join(' ')} - thing)
      (:htn :parameters () ${network(roots)}) (:init ${ALL_FACTS.filter(() => chance() < 0.3).join(' ')}) ${goal})`,
  };
}
