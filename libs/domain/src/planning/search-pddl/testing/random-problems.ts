/** Texts of small random domains and problems, for tests against brute force and other planners. */
export interface RandomTask {
  readonly domain: string;
  readonly problem: string;
}

type Chance = () => number;

const whole = (chance: Chance, below: number): number => Math.floor(chance() * below);
const some = (chance: Chance, from: readonly string[]): string => from[whole(chance, from.length)] ?? '';
const times = (count: number, make: (index: number) => string): string[] =>
  Array.from({ length: count }, (_, index) => make(index));

const OBJECTS = ['u', 'v', 'w'];
const PREDICATES = '(:predicates (p ?x - thing) (q ?x - thing) (near ?x ?y - thing) (held))';

function atom(chance: Chance, terms: readonly string[]): string {
  const which = chance();
  if (which < 0.1) return '(held)';
  if (which < 0.35) return `(near ${some(chance, terms)} ${some(chance, terms)})`;
  return `(${which < 0.7 ? 'p' : 'q'} ${some(chance, terms)})`;
}

/** @param isRich with negation, quantifiers, conditional effects, a constant and a derived predicate; else plain STRIPS */
function condition(chance: Chance, terms: readonly string[], isRich: boolean): string {
  const part = (): string => {
    const plain = atom(chance, terms);
    if (!isRich) return plain;
    const which = chance();
    if (which < 0.3) return `(not ${plain})`;
    if (which < 0.4) return `(forall (?f - thing) (or (p ?f) ${atom(chance, ['?f', ...terms])}))`;
    if (which < 0.5) return `(exists (?f - thing) (and ${atom(chance, ['?f', ...terms])} (not (q ?f))))`;
    if (which < 0.6) return chance() < 0.5 ? '(linked ?x c)' : '(not (linked c ?y))';
    if (which < 0.7) return `(imply ${plain} ${atom(chance, terms)})`;
    return plain;
  };
  const parts = times(1 + whole(chance, 2), part);
  return `(and ${parts.join(' ')})`;
}

function effect(chance: Chance, terms: readonly string[], isRich: boolean): string {
  const part = (): string => {
    const plain = atom(chance, terms);
    const change = chance() < 0.35 ? `(not ${plain})` : plain;
    if (!isRich || chance() < 0.7) return change;
    if (chance() < 0.5) return `(when ${atom(chance, terms)} ${change})`;
    return `(forall (?f - thing) (when (near ?f ?x) ${chance() < 0.5 ? '(q ?f)' : '(not (p ?f))'}))`;
  };
  return `(and ${times(1 + whole(chance, 2), part).join(' ')})`;
}

const action = (chance: Chance, index: number, isRich: boolean): string => {
  const terms = isRich && chance() < 0.3 ? ['?x', '?y', 'c'] : ['?x', '?y'];
  return `(:action a${index} :parameters (?x - thing ?y - thing)
    :precondition ${condition(chance, terms, isRich)} :effect ${effect(chance, terms, isRich)})`;
};

function init(chance: Chance): string {
  const all = [
    '(held)',
    ...OBJECTS.flatMap((a) => [`(p ${a})`, `(q ${a})`, ...OBJECTS.map((b) => `(near ${a} ${b})`)]),
  ];
  return `(:init ${all.filter(() => chance() < 0.25).join(' ')})`;
}

/** A classical problem. Plain ones are typed STRIPS without negation, as every planner reads it. */
export function randomClassical(chance: Chance, isRich: boolean): RandomTask {
  const requirements = isRich ? ':adl :derived-predicates' : ':strips :typing';
  const extra = isRich
    ? `(:derived (linked ?x ?y - thing) (or (near ?x ?y) (exists (?z - thing) (and (near ?x ?z) (linked ?z ?y)))))`
    : '';
  const predicates = isRich ? PREDICATES.replace('(held)', '(held) (linked ?x ?y - thing)') : PREDICATES;
  const actions = times(3, (index) => action(chance, index, isRich)).join('\n');
  const domain = `(define (domain random) (:requirements ${requirements}) (:types thing)
    ${isRich ? '(:constants c - thing)' : ''} ${predicates} ${extra} ${actions})`;
  const goal = times(2 + whole(chance, 2), () => atom(chance, OBJECTS)).join(' ');
  const problem = `(define (problem small) (:domain random) (:objects ${OBJECTS.join(' ')} - thing)
    ${init(chance)} (:goal (and ${goal})))`;
  return { domain, problem };
}

/** One effect on each predicate: what happens when an action both adds and deletes a fact is read in different ways. */
function effectsOnce(effects: readonly string[]): string[] {
  const predicate = (text: string): string => /(p|q|near|held)\b/.exec(text)?.[0] ?? '';
  return effects.filter((one, index) => effects.findIndex((other) => predicate(other) === predicate(one)) === index);
}

/** A network without recursion: the tasks of level 0 use those of level 1, these only actions. */
export function randomNetwork(chance: Chance, isOrdered: boolean): RandomTask {
  const literal = (terms: readonly string[]): string => {
    const plain = atom(chance, terms);
    return chance() < 0.3 ? `(not ${plain})` : plain;
  };
  const actions = times(4, (index) => {
    const change = effectsOnce(times(1 + whole(chance, 2), () => literal(['?x', '?y']))).join(' ');
    return `(:action a${index} :parameters (?x - thing ?y - thing) :precondition (and ${literal(['?x', '?y'])}) :effect (and ${change}))`;
  });
  const method = (level: number, task: number, which: number): string => {
    const members = times(whole(chance, 4), (index) => {
      const name = level === 0 && chance() < 0.6 ? `low${whole(chance, 2)}` : `a${whole(chance, 4)}`;
      const terms = ['?x', '?y', '?z'];
      const args = name.startsWith('low') ? some(chance, terms) : `${some(chance, terms)} ${some(chance, terms)}`;
      return `(k${index} (${name} ${args}))`;
    });
    const name = `${level === 0 ? 'top' : 'low'}${task}`;
    const needs = chance() < 0.5 ? `:precondition (and ${literal(['?x', '?y'])})` : '';
    const network = members.length === 0 ? '' : isOrdered ? ':ordered-subtasks' : ':subtasks';
    return `(:method m-${name}-${which} :parameters (?x - thing ?y - thing ?z - thing) :task (${name} ?x) ${needs}
      ${network} ${members.length === 0 ? '' : `(and ${members.join(' ')})`})`;
  };
  const methods = [0, 1].flatMap((level) => [0, 1].flatMap((task) => times(2, (which) => method(level, task, which))));
  const tasks = ['top0', 'top1', 'low0', 'low1'].map((name) => `(:task ${name} :parameters (?x - thing))`);
  const roots = times(1 + whole(chance, 2), (index) => `(r${index} (top${whole(chance, 2)} ${some(chance, OBJECTS)}))`);
  return {
    domain: `(define (domain random) (:requirements :typing :hierarchy :negative-preconditions :method-preconditions) (:types thing)
      ${PREDICATES} ${tasks.join(' ')} ${methods.join('\n')} ${actions.join('\n')})`,
    problem: `(define (problem small) (:domain random) (:objects ${OBJECTS.join(' ')} - thing)
      (:htn :parameters () ${isOrdered ? ':ordered-subtasks' : ':subtasks'} (and ${roots.join(' ')})) ${init(chance)})`,
  };
}
