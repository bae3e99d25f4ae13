import { parseDomain } from '../pddl/parse-domain';
import { parseProblem } from '../pddl/parse-problem';
import { judge, postProblem } from './testing/post';
import { planCost } from './validate-pddl-plan';

const DELIVER = postProblem(':ordered-subtasks (and (deliver p depot))', '(at p depot)');
const VALID = `==>
0 drive v a b
1 load v b p
2 drive v b depot
3 unload v depot p
root 4
4 deliver p depot -> m-deliver 5 1 7 3
5 get-to v b -> m-go 0 6
6 get-to v b -> m-here
7 get-to v depot -> m-go 2 8
8 get-to v depot -> m-here
<==`;
const change = (from: string | RegExp, to: string): string => {
  const changed = VALID.replace(from, to);
  expect(changed).not.toBe(VALID);
  return changed;
};

describe('a plan for a totally ordered problem', () => {
  it('is valid', () => expect(judge(DELIVER, VALID)).toEqual([]));

  it('is valid with the parts of its methods in any order and other ids', () => {
    expect(judge(DELIVER, change('m-deliver 5 1 7 3', 'm-deliver 3 7 1 5'))).toEqual([]);
    expect(judge(DELIVER, VALID.replace(/\b(\d)\b/g, '10$1'))).toEqual([]);
  });

  it.each<[name: string, from: string | RegExp, to: string, refusal: [code: string, message: RegExp]]>([
    ['a step is dropped', '1 load v b p\n', '', ['plan.tree', /1 is named as a part/]],
    ['a step that nothing uses', '1 load v b p', '1 load v b p\n9 drive v b a', ['plan.tree', /9 belongs to nothing/]],
    [
      'two ordered steps swapped',
      /(0 drive v a b)\n(1 load v b p)/,
      '$2\n$1',
      ['plan.ordering', /1 \(load v b p\) begins before 5/],
    ],
    ['a wrong argument', '2 drive v b depot', '2 drive v b a', ['plan.precondition', /\(at v depot\) does not hold/]],
    [
      'an argument of the wrong type',
      '1 load v b p',
      '1 load v b w',
      ['plan.action', /w for \?p, which must be of type parcel/],
    ],
    ['an unknown object', '1 load v b p', '1 load v b x', ['plan.action', /x, which is no object/]],
    ['too few arguments', '1 load v b p', '1 load v b', ['plan.action', /2 arguments; load takes 3/]],
    ['an unknown action', '1 load v b p', '1 lift v b p', ['plan.action', /no action lift/]],
    ['a wrong method', '5 get-to v b -> m-go 0 6', '5 get-to v b -> m-here', ['plan.tree', /0 belongs to nothing/]],
    [
      'a method of another task',
      '6 get-to v b -> m-here',
      '6 get-to v b -> m-tidy-none',
      ['plan.method', /does \(tidy …\)/],
    ],
    ['an unknown method', '-> m-deliver', '-> m-bring', ['plan.method', /no method m-bring/]],
    ['an unknown task', '6 get-to v b', '6 go-to v b', ['plan.task', /no compound task go-to/]],
    ['a missing decomposition', '8 get-to v depot -> m-here\n', '', ['plan.tree', /8 is named as a part/]],
    [
      'a compound task as an action',
      '8 get-to v depot -> m-here\n',
      '8 get-to v depot\n',
      ['plan.action', /is a compound task/],
    ],
    ['an id given twice', '8 get-to v depot', '0 get-to v depot', ['plan.tree', /0 is given twice/]],
    ['a part used twice', 'm-go 2 8', 'm-go 0 8', ['plan.tree', /0 is used more than once/]],
    [
      'a circle',
      /root 4\n4 deliver p depot -> m-deliver 5 1 7 3/,
      'root 1\n4 deliver p depot -> m-deliver 5 4 7 3',
      ['plan.tree', /4 is part of itself/],
    ],
    ['an unknown root', 'root 4', 'root 44', ['plan.tree', /44 is named as a part/]],
    [
      'one root too many',
      'root 4',
      'root 4 9\n9 get-to v depot -> m-here',
      ['plan.member', /2 parts are named where 1/],
    ],
    [
      'another root',
      '4 deliver p depot',
      '4 deliver p a',
      ['plan.member', /initial task network: 4 is \(deliver p a\)/],
    ],
    [
      'too few parts',
      /root 4\n(4 deliver p depot -> m-deliver 5 1 7) 3/,
      'root 4 3\n$1',
      ['plan.member', /3 parts are named where 4/],
    ],
    [
      'a part of other arguments',
      '6 get-to v b',
      '6 get-to w b',
      ['plan.member', /6 is \(get-to w b\) where \(get-to v b\)/],
    ],
  ])('is refused: %s', (_name, from, to, [code, message]) => {
    const findings = judge(DELIVER, change(from, to));
    expect(findings.map((finding) => `${finding.code} ${finding.message}`)).toContainEqual(
      expect.stringMatching(new RegExp(`^${code} .*${message.source}`)),
    );
  });

  it('is refused in words that name the fact when a precondition fails, once for each mistake', () => {
    const problem = postProblem(':ordered-subtasks (and (get-to w a))');
    const text = '==>\n0 drive w b a\nroot 1\n1 get-to w a -> m-go 0 2\n2 get-to w a -> m-here\n<==';
    expect(judge(problem, text)).toEqual([
      {
        code: 'plan.precondition',
        at: { kind: 'action', id: 0 },
        message: 'the precondition of (drive w b a) fails: (at w b) does not hold',
      },
    ]);
  });

  it('is refused when the goal is not reached', () => {
    const problem = postProblem(':ordered-subtasks (and (deliver p depot))', '(and (at p depot) (at q depot))');
    expect(judge(problem, VALID)).toEqual([
      {
        code: 'plan.goal',
        at: { kind: 'goal' },
        message: 'the goal is not reached at the end: (at q depot) does not hold',
      },
    ]);
  });

  it('is refused when a method does not apply: empty where it is not there yet, moving where it is', () => {
    const problem = postProblem(':ordered-subtasks (and (get-to v b))');
    const [finding] = judge(problem, '==>\nroot 0\n0 get-to v b -> m-here\n<==');
    expect(finding).toMatchObject({ code: 'plan.method_precondition', at: { kind: 'decomposition', id: 0 } });
    expect(finding?.message).toMatch(/m-here for \(get-to v b\) holds in no state .*: \(at v b\) does not hold/);
    const round =
      '==>\n0 drive v a b\n1 drive v b a\nroot 2\n2 get-to v a -> m-go 0 3\n3 get-to v a -> m-go 1 4\n4 get-to v a -> m-here\n<==';
    const [detour] = judge(postProblem(':ordered-subtasks (and (get-to v a))'), round);
    expect(detour?.message).toMatch(
      /m-go for \(get-to v a\) does not hold before 0 \(drive v a b\): .*\(at v a\) holds/,
    );
  });

  it('must be a tree where there is a task network, and a list where there is none', () => {
    expect(judge(DELIVER, '(drive v a b)')[0]?.code).toBe('plan.kind');
    expect(judge({ ...DELIVER, network: null }, VALID)[0]?.code).toBe('plan.kind');
  });
});

describe('a plan for a partially ordered problem', () => {
  const light = postProblem(':subtasks (and (x (light-all)) (y (pick v)) (z (tidy)))');
  const text = (order: string, rest = ''): string =>
    `==>\n${order}\nroot 10 20 30\n10 light-all -> m-light 1 2 3\n20 pick v -> m-pick-van 4\n30 tidy -> m-tidy-none\n${rest}<==`;

  it('may interleave tasks, and an empty method may have its moment in between', () => {
    expect(judge(light, text('1 light a\n4 seal v\n2 light b\n3 inspect'))).toEqual([]);
    expect(judge(light, text('2 light b\n1 light a\n3 inspect\n4 seal v'))).toEqual([]);
  });

  it.each([
    ['a part out of order', '3 inspect\n1 light a\n2 light b\n4 seal v', 'plan.ordering'],
    ['a constraint', '1 light a\n2 light a\n3 inspect\n4 seal v', 'plan.constraint'],
    ['a part of another type', '1 light a\n2 light b\n3 inspect\n4 seal p', 'plan.member'],
    ['a quantified precondition', '1 light a\n2 light depot\n4 seal v\n3 inspect', 'plan.precondition'],
  ])('is refused for %s', (_name, order, code) => {
    expect(judge(light, text(order)).map((finding) => finding.code)).toContain(code);
  });

  it('gives an empty method no moment outside its own ordering', () => {
    const first = postProblem(':subtasks (and (x (light-all)) (y (pick v)) (z (tidy))) :ordering (and (< z x))');
    const [finding, ...others] = judge(first, text('1 light a\n2 light b\n3 inspect\n4 seal v'));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ code: 'plan.method_precondition', at: { id: 30 } });
    const between = postProblem(
      ':subtasks (and (x (light-all)) (y (pick v)) (z (tidy))) :ordering (and (< y z) (< z x))',
    );
    expect(judge(between, text('4 seal v\n1 light a\n2 light b\n3 inspect')).map(({ at }) => at)).toEqual([
      { kind: 'decomposition', id: 30 },
    ]);
  });

  it('keeps an order that passes through a task without actions', () => {
    const through = postProblem(
      ':subtasks (and (x (pick v)) (y (get-to w depot)) (z (pick w))) :ordering (and (< x y) (< y z))',
    );
    const plan = (order: string): string =>
      `==>\n${order}\nroot 3 4 5\n3 pick v -> m-pick-van 1\n4 get-to w depot -> m-here\n5 pick w -> m-pick-van 2\n<==`;
    expect(judge(through, plan('1 seal v\n2 seal w'))).toEqual([]);
    expect(judge(through, plan('2 seal w\n1 seal v')).map(({ code }) => code)).toEqual(['plan.ordering']);
  });

  it('binds the parameters of the initial network, with their types and constraints', () => {
    const some = postProblem(
      ':parameters (?x - big ?t - place) :ordered-subtasks (and (deliver ?x ?t)) :constraints (not (= ?t b))',
    );
    const brought = (parcel: string, from: string, to: string): string =>
      `==>\n0 load v ${from} ${parcel}\n1 drive v a b\n2 unload v ${to} ${parcel}\nroot 3\n3 deliver ${parcel} ${to} -> m-deliver 4 0 5 2\n4 get-to v ${from} -> m-here\n5 get-to v ${to} -> m-go 1 6\n6 get-to v ${to} -> m-here\n<==`;
    expect(judge(some, brought('q', 'a', 'b')).map(({ code }) => code)).toEqual(['plan.constraint']);
    expect(judge(some, brought('p', 'a', 'b')).map(({ code }) => code)).toContain('plan.member');
    const free = postProblem(':parameters (?x - big ?t - place) :ordered-subtasks (and (deliver ?x ?t))');
    expect(judge(free, brought('q', 'a', 'b'))).toEqual([]);
  });
});

describe('a classical plan', () => {
  const domain = parseDomain(`(define (domain d) (:requirements :adl :derived-predicates)
    (:types node) (:predicates (edge ?a ?b - node) (path ?a ?b - node) (cut-off ?a - node) (at ?a - node) (seen ?a - node))
    (:functions (total-cost) (far ?a ?b - node))
    (:derived (path ?a ?b - node) (or (edge ?a ?b) (exists (?c - node) (and (path ?a ?c) (path ?c ?b)))))
    (:derived (cut-off ?a - node) (not (exists (?b - node) (path ?b ?a))))
    (:action jump :parameters (?a ?b - node) :precondition (and (at ?a) (path ?a ?b) (not (= ?a ?b)))
      :effect (and (not (at ?a)) (at ?b) (seen ?b) (when (cut-off ?b) (not (seen ?b))) (increase (total-cost) (far ?a ?b))))
    (:action break :parameters (?a ?b - node) :precondition (edge ?a ?b) :effect (not (edge ?a ?b))))`);
  const problem = parseProblem(
    `(define (problem p) (:domain d) (:objects x y z - node)
      (:init (at x) (edge x y) (edge y z) (= (far x z) 7) (= (total-cost) 0)) (:goal (and (at z) (seen z) (cut-off y)))
      (:metric minimize (total-cost)))`,
    domain,
  );

  it('is valid with derived predicates, also absent ones, and its cost is that of the problem', () => {
    expect(judge(problem, '(JUMP x z)\n(break x y)', domain)).toEqual([]);
    expect(planCost(domain, problem, [{ name: 'jump', args: ['x', 'z'] }])).toBe(7);
  });

  it.each([
    ['(break x y)\n(jump x z)', ['plan.precondition'], 1 + 1],
    ['(jump x z)', ['plan.goal'], null],
    ['(jump x x)\n(jump x z)\n(break x y)', ['plan.precondition'], 1],
    ['(hop x z)', ['plan.action', 'plan.goal'], 1],
    ['', ['plan.goal'], null],
  ])('is refused: %s', (text, codes, step) => {
    const findings = judge(problem, text, domain);
    expect(findings.map(({ code }) => code)).toEqual(codes);
    if (step !== null) expect(findings[0]?.at).toEqual({ kind: 'action', id: step });
  });
});
