import { parseDomain } from './parse-domain';
import { refusalOf, unmark } from './testing/mark';

/** Behind a domain of a few declarations: what is wrong, what is found, what is expected, the hint. */
type Case = [marked: string, found: string, expected: string, hint?: string];

const START = `(define (domain d)
  (:types car town - thing)
  (:constants hub - town)
  (:predicates (at ?x - car ?t - town) (wet) (ready ?x - thing) (far ?a ?b - town))
  (:functions (total-cost) (dist ?a ?b - town))
  (:task go :parameters (?c - car ?t - town))
  (:action drive :parameters (?c - car ?a ?b - town))
  (:action stop)
  `;
const act = (rest: string): string => `(:action new :parameters (?c - car ?t - town) ${rest})`;
const method = (rest: string): string => `(:method m :parameters (?c - car ?t - town) :task (go ?c ?t) ${rest})`;

const SECTIONS = ':requirements, :types, :constants, :predicates, :functions, :task, :method, :action, :derived';
const SUPPORTED =
  'Supported: HDDL and PDDL with typing, full conditions, conditional effects, axioms and action costs.';
const OURS = 'something this planner supports';
const RENAME = 'Rename or remove one of the two.';

const names: readonly Case[] = [
  [act(':precondition (§att ?c ?t)'), 'the unknown predicate "att"', 'a declared predicate', 'Did you mean "at"?'],
  [
    act(':precondition (§purple)'),
    'the unknown predicate "purple"',
    'a declared predicate',
    'Declare it in :predicates.',
  ],
  ['(:constants x - §towm)', 'the unknown type "towm"', 'a declared type', 'Did you mean "town"?'],
  ['(:task t :parameters (?x - §blimp))', 'the unknown type "blimp"', 'a declared type', 'Declare it in :types.'],
  [act(':precondition (at ?c §?x)'), 'the unknown variable "?x"', 'a declared variable', 'Did you mean "?c"?'],
  [
    '(:action a :precondition (ready §?x))',
    'the unknown variable "?x"',
    'a declared variable',
    'No variable is declared here.',
  ],
  [
    act(':effect (at ?c §hubb)'),
    'the unknown constant or object "hubb"',
    'a declared constant or object',
    'Did you mean "hub"?',
  ],
  ['(:method m :task (§goo))', 'the unknown compound task "goo"', 'a declared compound task', 'Did you mean "go"?'],
  ['(:method m :task (§stop))', 'the action "stop"', 'a compound task', 'Declare it with :task.'],
  [
    method(':subtasks (and (t1 (§driv ?c ?t ?t)))'),
    'the unknown task "driv"',
    'a declared task',
    'Did you mean "drive"?',
  ],
  [
    act(':effect (increase (total-cost) (§dst ?t hub))'),
    'the unknown function "dst"',
    'a declared function',
    'Did you mean "dist"?',
  ],
  ['(:derived (§dry) (wet))', 'the unknown predicate "dry"', 'a declared predicate', 'Declare it in :predicates.'],
];

const doubles: readonly Case[] = [
  ['(:action §go)', '"go", which is declared already (line 6, column 10)', 'a new name for a task or action', RENAME],
  [
    '(:action §Stop)',
    '"Stop", which is declared already (line 8, column 12)',
    'a new name for a task or action',
    RENAME,
  ],
  [
    '(:constants §hub)',
    '"hub", which is declared already (line 3, column 15)',
    'a new name for a constant or object',
    RENAME,
  ],
  [
    '(:predicates (§wet))',
    '"wet", which is declared already (line 4, column 41)',
    'a new name for a predicate',
    RENAME,
  ],
  [
    '(:functions (§dist))',
    '"dist", which is declared already (line 5, column 29)',
    'a new name for a function',
    RENAME,
  ],
  [
    '(:task t :parameters (?x §?x))',
    '"?x", which is declared already (line 9, column 25)',
    'a new name for a variable',
    RENAME,
  ],
  [
    `${method('')} (:method §m :task (go hub hub))`,
    '"m", which is declared already (line 9, column 12)',
    'a new name for a method',
    RENAME,
  ],
  [
    method(':subtasks (and (t1 (stop)) (§t1 (stop)))'),
    '"t1", which is declared already (line 9, column 80)',
    'a new name for a subtask',
    RENAME,
  ],
  [
    act(':effect () §:effect ()'),
    '":effect", which is declared already (line 9, column 49)',
    'a new name for a part',
    RENAME,
  ],
];

const fits: readonly Case[] = [
  [act(':precondition §(at ?c)'), '1 in "(at …)"', '2 arguments for at', 'It is declared with 2 in line 4.'],
  [act(':effect §(wet ?c)'), '1 in "(wet …)"', '0 arguments for wet', 'It is declared with 0 in line 4.'],
  [method(':subtasks §(drive ?c ?t)'), '2 in "(drive …)"', '3 arguments for drive', 'It is declared with 3 in line 7.'],
  [act(':precondition (at §?t ?t)'), '"?t" of type town', 'argument 1 of at to be of type car'],
  [act(':effect (not (at ?c §?c))'), '"?c" of type car', 'argument 2 of at to be of type town'],
  [method(':subtasks (drive ?c ?t §?c)'), '"?c" of type car', 'argument 3 of drive to be of type town'],
  [act(':precondition (at §hub hub)'), '"hub" of type town', 'argument 1 of at to be of type car'],
];

const orders: readonly Case[] = [
  [
    method(':subtasks (and (t1 (stop)) (t2 (stop))) :ordering (< t1 §t3)'),
    'the unknown subtask id "t3"',
    'a declared subtask id',
    'Did you mean "t1"?',
  ],
  [
    method(':subtasks (and (a (stop)) (b (stop)) (c (stop))) :ordering §(and (< a b) (< b a))'),
    'subtasks that wait for each other: a, b',
    'an order without a circle',
    'Take one of the pairs out.',
  ],
  [method(':subtasks (a (stop)) :ordering §(a a)'), '"(a …)"', 'an order such as "(< t1 t2)"'],
  [
    method(':subtasks () §:ordered-tasks ()'),
    '":ordered-tasks" as well',
    'only one of :subtasks, :tasks, :ordered-subtasks, :ordered-tasks',
  ],
  ['(:types §a - b b - a)', 'a - b - a', 'types without a cycle', 'Take one of these types out of its line.'],
  ['(:types object - §top)', '"top"', 'nothing above "object"', 'Every type is below "object" as it is.'],
];

const rules: readonly Case[] = [
  [
    '(:derived (wet) (exists (?x - car) (ready ?x))) §(:derived (ready ?x) (imply (wet) (at ?x hub)))',
    'one that needs (not (wet …))',
    'a rule for ready that does not rest on its own negation',
    'The rules for wet rest on ready.',
  ],
  [
    '§(:derived (wet) (not (wet)))',
    'one that needs (not (wet …))',
    'a rule for wet that does not rest on its own negation',
  ],
];

const language: readonly Case[] = [
  [
    '(:requirements :strips §:durative-actions)',
    '":durative-actions": actions that take time are not supported',
    OURS,
    SUPPORTED,
  ],
  ['§(:durative-action a)', '"(:durative-action …)": actions that take time are not supported', OURS, SUPPORTED],
  [act(':precondition §(< (dist ?t hub) 3)'), '"(< …)": numeric conditions are not supported', OURS, SUPPORTED],
  [act(':precondition §(= (dist ?t hub) 3)'), '"(= …)": numeric conditions are not supported', OURS, SUPPORTED],
  [
    act(':effect (increase §(dist ?t hub) 3)'),
    '"(dist …)": numbers other than total-cost are not supported',
    OURS,
    SUPPORTED,
  ],
  [
    act(':effect §(assign (total-cost) 3)'),
    '"(assign …)": numbers other than a total-cost that increases are not supported',
    OURS,
    SUPPORTED,
  ],
  [act(':effect (increase (total-cost) §-3)'), '"-3"', 'a cost of 0 or more'],
  [act(':effect (increase (total-cost) §1e308)'), '"1e308"', 'a cost of at most 1000000000'],
  [
    '(:functions (owner ?x) - §thing)',
    '"thing": functions whose value is not a number are not supported',
    OURS,
    SUPPORTED,
  ],
  [
    '(:task t §:effect (wet))',
    '":effect": conditions and effects of compound tasks are not supported',
    OURS,
    SUPPORTED,
  ],
  [method('§:effect (wet)'), '":effect": effects of methods are not supported', OURS, SUPPORTED],
  ['(§:acton a)', '":acton"', `one of ${SECTIONS}`, 'Did you mean ":action"?'],
  [act('§:efect (wet)'), '":efect"', 'one of :parameters, :precondition, :effect', 'Did you mean ":effect"?'],
  [
    '(:derived (wet) (ready hub)) (:action a :effect §(wet))',
    '"(wet)"',
    'a predicate that no :derived rule defines',
    'What a :derived rule defines changes only through the facts it rests on.',
  ],
  [
    method(':constraints §(at ?c ?t)'),
    '"(at …)"',
    '"(= ?a ?b)", "(not (= ?a ?b))", "(sortof ?a - type)" or "(not (sortof ?a - type))"',
  ],
];

const forms: readonly Case[] = [
  ['(:task t :parameters (§x))', '"x"', 'a variable such as "?x"'],
  ['(:types a -§)', '")"', 'a type'],
  ['(:types §- a)', '"-"', 'a name before "-"'],
  ['(:constants x - §(or a b))', '"(or …)"', 'a type or "(either …)"'],
  [act(':effect§'), '")"', 'what belongs to :effect'],
  [act(':precondition §wet'), '"wet"', 'a condition such as "(and (p ?x))"'],
  [act(':precondition (not (wet) §(wet))'), '"(wet)"', '")" after the condition of not'],
  [act(':precondition (imply (wet)§)'), '")"', 'a condition for imply'],
  [act(':precondition (forall §?x (wet))'), '"?x"', 'a list of variables such as "(?x - type)"'],
  [act(':effect (when (wet)§)'), '")"', 'an effect for when'],
  ['(:method m :parameters ()§)', '")"', 'the part :task, which says what the method does'],
  ['(:action§)', '")"', 'the name of a task or action'],
];

const all = [...names, ...doubles, ...fits, ...orders, ...rules, ...language, ...forms];

describe('a malformed domain is refused with place, reason and hint', () => {
  it.each(all)('%s', (marked, found, expected, hint = '') => {
    const { text, line, column } = unmark(`${START}${marked})`);
    const error = refusalOf(() => parseDomain(text, 'd.hddl'));
    expect(error.message).toBe(`d.hddl:${line}:${column}: expected ${expected}, found ${found}`);
    expect(error.hint).toBe(hint);
    expect(error).toMatchObject({ code: 'planning.malformed_input', retryable: false, line, column });
    expect(error.details).toEqual({ file: 'd.hddl', line, column, expected, found });
  });

  const whole: Case[] = [
    [
      '(define (domain d) (:predicates (p)\n§',
      'the end of the file',
      '")"',
      'The "(" in line 1, column 20 is never closed.',
    ],
    ['§', 'the end of the file', '"("'],
    ['; nothing\n\n§', 'the end of the file', '"("'],
    ['§define', '"define"', '"("'],
    [
      '(define (domain d))\n §(:types a)',
      '"("',
      'the end of the file',
      'The list that began in line 1 ends in line 1: check the ")".',
    ],
    [
      '(define (domain d)) §)',
      '")"',
      'the end of the file',
      'The list that began in line 1 ends in line 1: check the ")".',
    ],
    ['(§defin (domain d))', '"defin"', '"define"'],
    ['(define (§problem p))', '"problem"', '"domain"', 'This is a problem file; it stands where the domain belongs.'],
    ['(define (domain§))', '")"', 'the name of the domain'],
    ['(define (domain d) §types)', '"types"', `a section that begins with "(" and one of ${SECTIONS}`],
    ['(define (domain a§\u0000b))', 'the control character U+0000', 'text', 'Save the file as plain text in UTF-8.'],
  ];

  it.each(whole)('%s', (marked, found, expected, hint = '') => {
    const { text, line, column } = unmark(marked);
    const error = refusalOf(() => parseDomain(text, 'd'));
    expect([error.message, error.hint]).toEqual([`d:${line}:${column}: expected ${expected}, found ${found}`, hint]);
  });
});
