import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The built program: from the sources there is no thread. */
const MAIN = join(__dirname, '../../../../dist/apps/cli/src/main.js');
const ACTION = '(:action go :parameters () :precondition () :effect (at))';
const FILES: Record<string, string> = {
  'd.pddl': `(define (domain d) (:predicates (at)) ${ACTION})`,
  'p.pddl': '(define (problem p) (:domain d) (:init) (:goal (at)))',
  'good.plan': '(go)\n',
  'large.pddl': `(define (domain d) (:predicates (at) ${Array.from({ length: 1_000_000 }, (_, i) => `(p${i} ?x ?y)`).join(' ')}) ${ACTION})`,
};

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'gk-thread-'));
  for (const [name, content] of Object.entries(FILES)) writeFileSync(join(dir, name), content);
  execFileSync('mkfifo', [join(dir, 'pipe')]);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly out: string;
  readonly err: string;
}

function run(line: string, { options = '', interrupt = false } = {}): Promise<Ended> {
  const env = { ...process.env, NODE_OPTIONS: options };
  const child = spawn(process.execPath, [MAIN, ...line.split(' ')], { cwd: dir, env });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  // The pipe gets a reader as soon as the thread is at work; opening it for writing waits for that.
  if (interrupt) spawn('sh', ['-c', `exec 3>pipe; kill -INT ${child.pid}`], { cwd: dir });
  return new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal, out, err })));
}

describe('goalkeeper plan, built, in a thread of its own', () => {
  it('plans and checks as from the sources', async () => {
    const planned = await run('plan --domain d.pddl --problem p.pddl --time-limit 60');
    expect([planned.code, planned.out]).toEqual([0, '(go)\n; cost = 1\n']);
    const checked = await run('plan check --domain d.pddl --problem p.pddl --plan good.plan');
    expect(checked).toMatchObject({ code: 0, out: 'valid: 1 action, cost 1\n', err: '' });
    const broken = await run('plan --domain p.pddl --problem p.pddl --json');
    expect([broken.code, JSON.parse(broken.out)]).toMatchObject([2, { code: 'planning.malformed_input' }]);
  });

  it.each([
    ['while a large file is read', 'plan --domain large.pddl --problem p.pddl --time-limit 0.5', 'no plan was found'],
    ['while a pipe gives nothing', 'plan --domain pipe --problem p.pddl --time-limit 0.5', 'no plan was found'],
    [
      'while a plan is checked',
      'plan check --domain pipe --problem p.pddl --plan good.plan --time-limit 0.5',
      'the plan was not judged',
    ],
  ])('ends with 3 when the time is over %s', async (_when, line, reason) => {
    const told = await run(line);
    expect([told.code, told.out]).toEqual([3, '']);
    expect(told.err).toMatch(new RegExp(`^${reason} within 0\\.5 s · .*\\n {2}fix: .*--time-limit`));
    const json = await run(`${line} --json`);
    expect([json.code, json.err, json.out.trimEnd().split('\n').length]).toEqual([3, '', 1]);
    expect(JSON.parse(json.out)).toMatchObject({ reason: `${reason} within 0.5 s`, planLength: null });
  });

  it('ends with 3 when the memory is used up, not with a crash', async () => {
    const line = 'plan --domain large.pddl --problem p.pddl --time-limit 300';
    const { code, out, err } = await run(line, { options: '--max-old-space-size=64' });
    expect([code, out]).toEqual([3, '']);
    expect(err).toMatch(/^no plan was found within \d+ MiB: out of memory/);
  });

  it('ends at once on Ctrl-C', async () => {
    const { signal } = await run('plan --domain pipe --problem p.pddl --time-limit 600', { interrupt: true });
    expect(signal).toBe('SIGINT');
  });

  it('ends learning at once on Ctrl-C with 130, and leaves no file behind', async () => {
    mkdirSync(join(dir, 'lessons'));
    for (let index = 0; index < 3; index += 1)
      writeFileSync(join(dir, 'lessons', `p${index}.pddl`), FILES['p.pddl'] ?? '');
    const before = readdirSync(dir).toSorted();
    const line = 'learn train --domain pipe --problems lessons --out model.json --time-limit 600';
    const ended = await run(line, { interrupt: true });
    expect(ended).toEqual({ code: 130, signal: null, out: '', err: 'interrupted; nothing was written\n' });
    expect(readdirSync(dir).toSorted()).toEqual(before);
  });

  it('refuses what has no end', async () => {
    const { code, err } = await run('plan --domain /dev/zero --problem p.pddl --time-limit 300');
    expect(code).toBe(2);
    expect(err).toContain('more than 256 MiB');
  });
});
