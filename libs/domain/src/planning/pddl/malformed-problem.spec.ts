import { parseDomain } from './parse-domain';
import { parseProblem } from './parse-problem';
import { refusalOf, unmark } from './testing/mark';

const domain = parseDomain(`(define (domain roads)
  (:types car town)
  (:constants hub - town)
  (:predicates (at ?c - car ?t - town) (wet))
  (:functions (total-cost) (dist ?a ?b - town))
  (:task go :parameters (?c - car ?t - town))
  (:action drive :parameters (?c - car ?t - town)))`);

const START = `(define (problem p)
  (:domain roads)
  (:objects c1 - car t1 - town)
  `;
const SUPPORTED =
  'Supported: HDDL and PDDL with typing, full conditions, conditional effects, axioms and action costs.';
const OURS = 'something this planner supports';
const GOAL = '(:goal (wet))';

/** What is wrong, what is found, what is expected, the hint. */
type Case = [marked: string, found: string, expected: string, hint?: string];

const cases: readonly Case[] = [
  [
    `(:init (at c1 §t2)) ${GOAL}`,
    'the unknown constant or object "t2"',
    'a declared constant or object',
    'Did you mean "t1"?',
  ],
  [`(:init (§att c1 t1)) ${GOAL}`, 'the unknown predicate "att"', 'a declared predicate', 'Did you mean "at"?'],
  [`(:init §(at c1)) ${GOAL}`, '1 in "(at …)"', '2 arguments for at', 'It is declared with 2 in line 4.'],
  [`(:init (at §t1 t1)) ${GOAL}`, '"t1" of type town', 'argument 1 of at to be of type car'],
  [`(:init §wet) ${GOAL}`, '"wet"', 'a fact such as "(at truck depot)"'],
  [`(:init (at c1 §?t)) ${GOAL}`, 'the unknown variable "?t"', 'a declared variable', 'No variable is declared here.'],
  [`(:init (= (dist hub t1) §far)) ${GOAL}`, '"far"', 'a number'],
  [`(:init (= (dist hub t1) §-1)) ${GOAL}`, '"-1"', 'a number of 0 or more', 'Costs cannot be negative.'],
  [
    `(:init (= (§dest hub t1) 1)) ${GOAL}`,
    'the unknown function "dest"',
    'a declared function',
    'Did you mean "dist"?',
  ],
  [`(:init (= (dist hub t1) 1) (= §(dist hub t1) 2)) ${GOAL}`, '"(dist …)"', 'a function without a value so far'],
  [`(:init §(at 5 (wet))) ${GOAL}`, '"(at …)": facts that change at given times are not supported', OURS, SUPPORTED],
  [
    `(:objects §c1 - car) ${GOAL}`,
    '"c1", which is declared already (line 3, column 13)',
    'a new name for a constant or object',
    'Rename or remove one of the two.',
  ],
  [`(:objects §hub - car) ${GOAL}`, 'car for "hub"', "the types of the domain's constant: town"],
  [`(:objects x - §cart) ${GOAL}`, 'the unknown type "cart"', 'a declared type', 'Did you mean "car"?'],
  ['(:goal (at c1 hub) §(wet))', '"(wet)"', '")" after the goal'],
  [
    `${GOAL} (§:goal (wet))`,
    '":goal", which is declared already (line 4, column 3)',
    'a new name for a section',
    'Rename or remove one of the two.',
  ],
  ['(:init)§', '")"', '"(:goal …)" or "(:htn …)"'],
  ['(:htn :tasks (§goo c1 t1))', 'the unknown task "goo"', 'a declared task', 'Did you mean "go"?'],
  ['(:htn :tasks (go c1 §c1))', '"c1" of type car', 'argument 2 of go to be of type town'],
  ['(:htn :tasks (go §?c t1))', 'the unknown variable "?c"', 'a declared variable', 'No variable is declared here.'],
  [
    '(:htn :tasks (a (go c1 t1)) :ordering (< a §b))',
    'the unknown subtask id "b"',
    'a declared subtask id',
    'Give the subtask this id: "(id (task …))".',
  ],
  [
    '(:htn :tasks (and (a (go c1 t1)) (b (go c1 hub))) :ordering §(and (< a b) (< b a)))',
    'subtasks that wait for each other: a, b',
    'an order without a circle',
    'Take one of the pairs out.',
  ],
  [
    `${GOAL} (:metric §maximize (total-cost))`,
    '"maximize": only (:metric minimize (total-cost)) is supported',
    OURS,
    SUPPORTED,
  ],
  [
    `${GOAL} (:metric minimize §(total-time))`,
    '"(total-time)": only (:metric minimize (total-cost)) is supported',
    OURS,
    SUPPORTED,
  ],
  [
    `${GOAL} §(:constraints (wet))`,
    '"(:constraints …)": constraints over whole plans are not supported',
    OURS,
    SUPPORTED,
  ],
  [
    '(:goal §(sometime (wet)))',
    '"(sometime …)": preferences and constraints over time are not supported',
    OURS,
    SUPPORTED,
  ],
  [
    '(§:goals (wet))',
    '":goals"',
    'one of :domain, :requirements, :objects, :htn, :init, :goal, :metric',
    'Did you mean ":goal"?',
  ],
];

describe('a malformed problem is refused with place, reason and hint', () => {
  it.each(cases)('%s', (marked, found, expected, hint = '') => {
    const { text, line, column } = unmark(`${START}${marked})`);
    const error = refusalOf(() => parseProblem(text, domain, 'p.hddl'));
    expect([error.message, error.hint]).toEqual([
      `p.hddl:${line}:${column}: expected ${expected}, found ${found}`,
      hint,
    ]);
  });

  it('a problem without a domain, and a domain in the place of a problem', () => {
    expect(refusalOf(() => parseProblem('(define (problem p) (:goal ()))', domain)).message).toBe(
      'problem:1:31: expected "(:domain roads)", found ")"',
    );
    expect(refusalOf(() => parseProblem('(define (domain roads))', domain)).hint).toBe(
      'This is a domain file; it stands where the problem belongs.',
    );
  });
});
