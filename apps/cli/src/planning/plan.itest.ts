import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PddlAnswer } from '@goalkeeper/domain';
import { runCli } from '../cli';
import { Terminal } from '../io/terminal';
import { planCommand } from './plan';

/** A walk through rooms, as a task and as a goal; names are spelled with capitals. */
const DOMAIN = `(define (domain walk)
  (:requirements :typing :hierarchy :negative-preconditions :method-preconditions)
  (:types Room)
  (:predicates (in ?r - Room) (door ?a ?b - Room) (been ?r - Room))
  (:task Reach :parameters (?to - Room))
  (:method m-There :parameters (?to - Room) :task (Reach ?to) :precondition (in ?to) :ordered-subtasks ())
  (:method m-Step :parameters (?a ?b ?to - Room) :task (Reach ?to)
    :precondition (and (in ?a) (not (been ?b))) :ordered-subtasks (and (Step ?a ?b) (Reach ?to)))
  (:action Step :parameters (?a ?b - Room) :precondition (and (in ?a) (door ?a ?b))
    :effect (and (not (in ?a)) (in ?b) (been ?b))))`;
const ROOMS = `(:domain walk) (:objects Hall Attic Cellar Vault - Room)`;
const INIT = '(:init (in Hall) (been Hall) (door Hall Attic) (door Attic Cellar))';
const FILES: Record<string, string | Uint8Array> = {
  'd.hddl': DOMAIN,
  'p.hddl': `(define (problem p) ${ROOMS} (:htn :ordered-subtasks (and (Reach Cellar))) ${INIT})`,
  'other.hddl': `(define (problem p) ${ROOMS.replace('walk', 'Stroll')} (:htn :ordered-subtasks (and (Reach Cellar))) ${INIT})`,
  'never.hddl': `(define (problem p) ${ROOMS} (:htn :ordered-subtasks (and (Reach Vault))) ${INIT})`,
  'broken.hddl': `(define (problem p) ${ROOMS}\n  (:htn :ordered-subtasks (and (Reach Celar))) ${INIT})`,
  'd.pddl': DOMAIN.replace(/\(:task[^]*(?=\(:action)/, '').replace(':hierarchy ', ''),
  'p.pddl': `(define (problem p) ${ROOMS} ${INIT} (:goal (in Cellar)))`,
  'good.plan':
    'found:\n==>\n7 step hall ATTIC\n8 Step Attic Cellar\nroot 1\n1 reach cellar -> m-step 7 2\n2 reach cellar -> m-step 8 3\n3 reach cellar -> m-there\n<==\n',
  'bad.plan': '==>\n7 Step Hall Cellar\nroot 1\n1 Reach Cellar -> m-Step 7 2\n2 Reach Cellar -> m-There\n<==\n',
  'none.plan': 'no plan\n',
  'empty.txt': ' \n',
  'binary.bin': Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 0, 1]),
  'latin.hddl': Buffer.from(`; h\u00e4user\n${DOMAIN}`, 'latin1'),
};

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'gk-plan-'));
  mkdirSync(join(dir, 'folder'));
  for (const [name, content] of Object.entries(FILES)) writeFileSync(join(dir, name), content);
  symlinkSync('p.hddl', join(dir, 'link.plan'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function aTerminal(isTTY = false): { terminal: Terminal; told: { out: string; err: string } } {
  const told = { out: '', err: '' };
  const terminal = new Terminal({
    stdout: { write: (chunk) => (told.out += chunk) },
    stderr: { isTTY, write: (chunk) => (told.err += chunk) },
    env: {},
    cwd: dir,
  });
  return { terminal, told };
}

async function run(line: string): Promise<Ended> {
  const { terminal, told } = aTerminal();
  return { code: await runCli(line.split(' '), terminal), ...told };
}
const json = ({ out }: Ended): Record<string, unknown> => {
  expect(out.trimEnd().split('\n')).toHaveLength(1);
  return JSON.parse(out) as Record<string, unknown>;
};

const HDDL_PLAN = `==>
0 Step Hall Attic
1 Step Attic Cellar
root 2
2 Reach Cellar -> m-Step 0 3
3 Reach Cellar -> m-Step 1 4
4 Reach Cellar -> m-There
<==
`;

describe('goalkeeper plan', () => {
  it('prints a plan of an HDDL problem, with names as its files spell them, and needs no server', async () => {
    const { code, out, err } = await run('plan --domain d.hddl --problem p.hddl');
    expect([code, out]).toEqual([0, HDDL_PLAN]);
    expect(err).toMatch(/^2 actions; valid · \d+ expansions? in \d+\.\d s\n$/);
  });

  it('prints a plan of a PDDL problem', async () => {
    const { code, out } = await run('plan --domain d.pddl --problem p.pddl');
    expect([code, out]).toEqual([0, '(Step Hall Attic)\n(Step Attic Cellar)\n; cost = 2\n']);
  });

  it('gives one JSON object with figures and the plan, and nothing on stderr', async () => {
    const ended = await run('plan --domain d.hddl --problem p.hddl --json');
    expect([ended.code, ended.err]).toEqual([0, '']);
    expect(json(ended)).toMatchObject({
      status: 'solved',
      kind: 'hierarchical',
      planLength: 2,
      cost: 2,
      plan: HDDL_PLAN,
    });
    expect(json(ended)).toMatchObject({ expansions: expect.any(Number), timeMs: expect.any(Number) });
  });

  it('takes a problem that names its domain otherwise, as competition problems do, and says so', async () => {
    const { code, out, err } = await run('plan --domain d.hddl --problem other.hddl');
    expect([code, out]).toEqual([0, HDDL_PLAN]);
    expect(err).toContain('note: other.hddl names the domain "stroll", the one given is "walk"\n');
  });

  it('writes the plan to a file that its own check accepts', async () => {
    const ended = await run('plan --domain d.hddl --problem p.hddl --output made.plan');
    expect([ended.code, ended.out]).toEqual([0, '']);
    expect(ended.err).toContain('written to made.plan');
    expect(readFileSync(join(dir, 'made.plan'), 'utf8')).toBe(HDDL_PLAN);
    expect((await run('plan check --domain d.hddl --problem p.hddl --plan made.plan')).code).toBe(0);
  });

  it('ends with 4 when it is proved that there is no plan', async () => {
    const { code, out, err } = await run('plan --domain d.hddl --problem never.hddl');
    expect([code, out]).toEqual([4, '']);
    expect(err).toMatch(/^there is no plan: /);
    const told = await run('plan --domain d.hddl --problem never.hddl --json');
    expect([told.code, json(told)]).toMatchObject([4, { status: 'unsolvable', planLength: null, plan: null }]);
  });

  it('ends with 3 when the time is over, and says how to give it more', async () => {
    const { code, out, err } = await run('plan --domain d.hddl --problem p.hddl --time-limit 0.000001');
    expect([code, out]).toEqual([3, '']);
    expect(err).toMatch(/^no plan was found within 0\.000001 s · .*\n {2}fix: .*--time-limit/);
    const told = await run('plan --domain d.hddl --problem p.hddl --time-limit 0.000001 --json');
    expect([told.code, json(told)]).toMatchObject([3, { status: 'exhausted', planLength: null, plan: null }]);
  });

  it('says where a file is wrong, for people and for programs', async () => {
    const { code, out, err } = await run('plan --domain d.hddl --problem broken.hddl');
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^error planning\.malformed_input: broken\.hddl:2:39: expected .*, found .*celar/i);
    const told = await run('plan --domain d.hddl --problem broken.hddl --json');
    const position = { file: 'broken.hddl', line: 2, column: 39, expected: expect.any(String) };
    expect(json(told)).toMatchObject({ type: 'error', code: 'planning.malformed_input', exitCode: 2, position });
  });

  it.each([
    ['--domain missing.hddl --problem p.hddl', /The domain missing\.hddl cannot be read: there is no such file/],
    ['--domain folder --problem p.hddl', /The domain folder cannot be read: it is a directory/],
    ['--domain d.hddl --problem empty.txt', /The problem empty\.txt is empty/],
    ['--domain binary.bin --problem p.hddl', /The domain binary\.bin is not text/],
    ['--domain p.hddl --problem d.hddl', /p\.hddl:1:\d+: expected "domain"/],
    ['--domain d.hddl --problem p.hddl --output folder', /folder cannot be written: it is a directory/],
    ['--domain d.hddl --problem p.hddl --output no/such.plan', /no\/such\.plan cannot be written/],
    ['--domain d.hddl --problem p.hddl --output d.hddl', /d\.hddl would be written over d\.hddl, which is read/],
    ['--domain d.hddl --problem p.hddl --output folder/../p.hddl', /would be written over p\.hddl, which is read/],
    ['--domain d.hddl --problem p.hddl --output link.plan', /link\.plan would be written over p\.hddl, which is read/],
    ['--domain d.hddl --problem p.hddl --output ', /--output names no file/],
    ['--problem p.hddl', /goalkeeper plan needs --domain FILE/],
    ['--domain d.hddl', /goalkeeper plan needs --problem FILE/],
    ['--domain d.hddl --problem p.hddl --time-limit -1', /must be a number of seconds above 0/],
    ['--domain d.hddl --problem p.hddl more', /Plan either a goal or files/],
  ])('refuses %s', async (flags, message) => {
    const { code, out, err } = await run(`plan ${flags}`);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
    expect(['d.hddl', 'p.hddl'].map((name) => readFileSync(join(dir, name), 'utf8'))).toEqual([
      FILES['d.hddl'],
      FILES['p.hddl'],
    ]);
  });

  it('does not give out a plan that the validator refuses: that is a defect, 70', () => {
    const wrong: PddlAnswer = { kind: 'classical', plan: [{ name: 'step', args: ['hall', 'cellar'] }], nodes: 1 };
    const { terminal, told } = aTerminal();
    const options = { domain: 'd.pddl', problem: 'p.pddl', timeLimitSeconds: 10, output: 'wrong.plan', json: false };
    expect(() => planCommand(terminal, options, () => wrong)).toThrow(
      expect.objectContaining({
        exitCode: 70,
        details: expect.objectContaining({
          code: 'plan.refused',
          places: expect.arrayContaining([expect.stringMatching(/^action 1: .*\(door hall cellar\) does not hold$/)]),
        }),
      }),
    );
    expect(told).toEqual({ out: '', err: '' });
    expect(() => readFileSync(join(dir, 'wrong.plan'))).toThrow(/ENOENT/);
  });

  it('counts the time on a terminal while it searches, and wipes the line', () => {
    const { terminal, told } = aTerminal(true);
    const options = { domain: 'd.pddl', problem: 'p.pddl', timeLimitSeconds: 0.4, output: null, json: false };
    const code = planCommand(terminal, options, (_domain, _problem, { isOver }) => {
      while (!isOver()); // until the limit: the clock is the thing tested
      return { kind: 'exhausted', nodes: 7, partial: [] };
    });
    expect(code).toBe(3);
    expect(told.err).toMatch(/planning · 0\.\d s of 0\.4 s\r\u001b\[2Kno plan was found within 0\.4 s · 7 expansions/);
  });

  it('reads files that are not UTF-8', async () => {
    expect((await run('plan --domain latin.hddl --problem p.hddl')).code).toBe(0);
  });

  it('shows its exit codes and examples with --help', async () => {
    const { code, out } = await run('plan --help');
    expect(code).toBe(0);
    expect(out).toMatch(/goalkeeper plan --domain transport\.hddl[^]*Exit codes: 0 a valid plan/);
  });
});

describe('goalkeeper plan check', () => {
  const check = (plan: string): Promise<Ended> => run(`plan check --domain d.hddl --problem p.hddl --plan ${plan}`);

  it("accepts another planner's valid plan", async () => {
    expect(await check('good.plan')).toEqual({ code: 0, out: 'valid: 2 actions, 3 decompositions, cost 2\n', err: '' });
    const told = await check('good.plan --json');
    expect(json(told)).toEqual({ status: 'valid', kind: 'hierarchical', planLength: 2, cost: 2, findings: [] });
  });

  it('names each mistake with its line', async () => {
    const { code, out, err } = await check('bad.plan');
    expect(code).toBe(1);
    expect(out).toBe('bad.plan:2: the precondition of (step hall cellar) fails: (door hall cellar) does not hold\n');
    expect(err).toBe('not valid: 1 mistake in bad.plan\n');
    const told = await check('bad.plan --json');
    expect([told.code, json(told)]).toMatchObject([
      1,
      {
        status: 'invalid',
        cost: null,
        findings: [{ code: 'plan.precondition', at: { kind: 'action', id: 7 }, line: 2 }],
      },
    ]);
  });

  it.each([
    ['none.plan', /^error plan\.syntax: none\.plan:1:1: expected an action such as/],
    ['empty.txt', /The plan empty\.txt is empty/],
    ['missing.plan', /The plan missing\.plan cannot be read/],
  ])('refuses %s', async (plan, message) => {
    const { code, out, err } = await check(plan);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
  });

  it('needs all three files', async () => {
    const { code, err } = await run('plan check --domain d.hddl --problem p.hddl');
    expect(code).toBe(2);
    expect(err).toContain("required option '--plan <file>' not specified");
  });
});
