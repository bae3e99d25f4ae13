import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readGuidanceModel } from '@goalkeeper/domain';
import { generatedDomain } from '../../../../benchmarks/guidance/domains';
import { runCli } from '../cli';
import { Terminal } from '../io/terminal';
import { trainCommand } from './train';

const boat = generatedDomain('boat');
let dir: string;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'gk-train-'));
  mkdirSync(join(dir, 'lessons', 'easy'), { recursive: true });
  mkdirSync(join(dir, 'none'));
  mkdirSync(join(dir, 'broken'));
  writeFileSync(join(dir, 'd.pddl'), boat.domain);
  writeFileSync(join(dir, 'renamed.pddl'), boat.domain.replace('(domain boat)', '(domain ship)'));
  writeFileSync(join(dir, 'other.pddl'), generatedDomain('gripper').domain);
  writeFileSync(join(dir, 'g.pddl'), generatedDomain('gripper').problem(3, 3));
  writeFileSync(join(dir, 'big.pddl'), boat.problem(12, 77));
  writeFileSync(join(dir, 'lessons', 'domain.pddl'), boat.domain);
  for (let index = 0; index < 18; index += 1) {
    writeFileSync(
      join(dir, 'lessons', 'easy', `p${index + 1}.pddl`),
      boat.problem(1 + Math.floor(index / 3), 40 + index),
    );
  }
  for (const name of ['p1', 'p2', 'p3']) writeFileSync(join(dir, 'broken', `${name}.pddl`), boat.problem(1, 1));
  writeFileSync(join(dir, 'broken', 'p2.pddl'), boat.problem(1, 1).replace('(moored', '(morred'));
  const trained = await run('learn train --domain d.pddl --problems lessons --out made/model.json --json');
  expect([trained.code, trained.err]).toEqual([0, '']);
  writeFileSync(join(dir, 'report.json'), trained.out);
  const model = readFileSync(join(dir, 'made', 'model.json'), 'utf8');
  writeFileSync(join(dir, 'late.json'), model.replace('"version":2', '"version":9'));
  writeFileSync(join(dir, 'cut.json'), model.slice(0, model.length / 2));
  writeFileSync(join(dir, 'nan.json'), model.replace('"stepWeight":', '"stepWeight":NaN,"was":'));
  writeFileSync(join(dir, 'huge.json'), ' '.repeat(33_000_000));
  writeFileSync(
    join(dir, 'shut.json'),
    model.replace('"open":true', '"open":false').replace('"why":"on', '"why":"off'),
  );
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(line: string): Promise<Ended> {
  const told = { out: '', err: '' };
  const stdout = { write: (chunk: string) => (told.out += chunk) };
  const stderr = { isTTY: false, write: (chunk: string) => (told.err += chunk) };
  const terminal = new Terminal({ stdout, stderr, env: {}, cwd: dir });
  return { code: await runCli(line.split(' '), terminal), ...told };
}

const json = ({ out }: Ended): Record<string, unknown> => JSON.parse(out) as Record<string, unknown>;
const planned = async (problem: string, more = ''): Promise<Record<string, unknown>> => {
  const ended = await run(`plan --domain d.pddl --problem ${problem} --json${more}`);
  expect(ended.code).toBe(0);
  return json(ended);
};

describe('goalkeeper learn train', () => {
  it('tells how far it is: which problem of how many, and the states that were expanded', () => {
    const told: string[] = [];
    const stream = { write: () => true };
    const terminal = new Terminal({ stdout: stream, stderr: stream, env: {}, cwd: dir });
    const files = { domain: 'd.pddl', problems: 'lessons', out: 'told.json' };
    trainCommand(terminal, { ...files, placebo: null, timeLimitSeconds: 300, json: true }, (doing) => told.push(doing));
    const searched = told.flatMap(
      (doing) => /^finding plans: problem (\d+) of 12, (\d+) expansions?$/.exec(doing) ?? [],
    );
    const counts = told.flatMap((doing) => Number(/, (\d+) expansion/.exec(doing)?.[1] ?? Number.NaN));
    expect(searched.length).toBeGreaterThan(0);
    expect(new Set(told.map((doing) => /problem (\d+) of 12/.exec(doing)?.[1])).has('12')).toBe(true);
    expect(Math.max(...counts.filter((count) => !Number.isNaN(count)))).toBeGreaterThan(12);
    expect(told.some((doing) => /^judging: trial 1 of \d+$/.test(doing))).toBe(true);
  });

  it('writes a model and reports its gate with the figures', () => {
    const report = json({ code: 0, out: readFileSync(join(dir, 'report.json'), 'utf8'), err: '' });
    expect(report).toMatchObject({
      status: 'trained',
      model: 'made/model.json',
      domain: { name: 'boat' },
      trained: { problems: 12, heldBack: 6, placeboSeed: null },
      gate: { open: true, why: expect.stringMatching(/^on: /) },
    });
  });

  it('makes the same file again, and another one as a placebo', async () => {
    const model = readFileSync(join(dir, 'made', 'model.json'), 'utf8');
    const again = await run('learn train --domain d.pddl --problems lessons --out again.json');
    expect([again.code, again.out]).toEqual([0, '']);
    expect(again.err).toMatch(
      /^\d+ weights from 12 plans of 12 problems, written to again\.json · .*\nguidance is on: /,
    );
    expect(readFileSync(join(dir, 'again.json'), 'utf8')).toBe(model);
    const placebo = await run('learn train --domain d.pddl --problems lessons --out placebo.json --placebo 4 --json');
    expect(json(placebo)).toMatchObject({ trained: { placeboSeed: 4 } });
    expect(readFileSync(join(dir, 'placebo.json'), 'utf8')).not.toBe(model);
  });

  it('stops at its time limit with a closed gate, and leaves no half file', async () => {
    const { code, out } = await run(
      'learn train --domain d.pddl --problems lessons --out short.json --time-limit 0.01 --json',
    );
    expect([code, JSON.parse(out)]).toMatchObject([
      0,
      { gate: { open: false, why: expect.stringContaining('the time for training was over') } },
    ]);
    expect(readGuidanceModel(readFileSync(join(dir, 'short.json'), 'utf8')).gate.open).toBe(false);
    expect(readdirSync(dir).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it.each([
    ['--domain d.pddl --problems none --out m.json', /no problem in none/],
    ['--domain d.pddl --problems nowhere --out m.json', /nowhere cannot be read/],
    ['--domain d.pddl --problems broken --out m.json', /broken\/p2\.pddl:\d+:\d+: expected .*morred/],
    ['--domain g.pddl --problems lessons --out m.json', /g\.pddl:1:\d+: expected "domain"/],
    ['--domain d.pddl --problems lessons --out d.pddl', /d\.pddl would be written over d\.pddl, which is read/],
    ['--domain d.pddl --problems lessons --out lessons', /lessons cannot be written: it is a directory/],
    ['--domain d.pddl --problems lessons --out m.json --placebo x', /whole number/],
    ['--domain d.pddl --problems lessons', /--out/],
  ])('refuses %s', async (flags, message) => {
    const { code, out, err } = await run(`learn train ${flags}`);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
  });
});

describe('goalkeeper plan --guidance', () => {
  it('needs fewer expansions, and says that and why it was used', async () => {
    const off = await planned('big.pddl');
    const on = await planned('big.pddl', ' --guidance made/model.json');
    expect(off).not.toHaveProperty('guidance');
    expect(on).toMatchObject({ status: 'solved', guidance: { used: true, why: expect.stringMatching(/^on: /) } });
    expect(Number(on.expansions)).toBeLessThan(0.8 * Number(off.expansions));
  });

  it('plans as without a model where the gate is closed', async () => {
    const off = await planned('big.pddl');
    const shut = await planned('big.pddl', ' --guidance shut.json');
    expect(shut).toMatchObject({ guidance: { used: false, why: expect.stringMatching(/^off: /) } });
    expect([shut.expansions, shut.plan]).toEqual([off.expansions, off.plan]);
  });

  it('takes a domain that was only renamed', async () => {
    const problem = boat.problem(3, 3).replace('(:domain boat)', '(:domain ship)');
    writeFileSync(join(dir, 'ship.pddl'), problem);
    const { code } = await run('plan --domain renamed.pddl --problem ship.pddl --guidance made/model.json');
    expect(code).toBe(0);
  });

  it.each([
    ['--domain other.pddl --problem g.pddl --guidance made/model.json', 'guidance.other_domain', /for the domain boat/],
    ['--domain d.pddl --problem big.pddl --guidance late.json', 'guidance.version', /version 9/],
    ['--domain d.pddl --problem big.pddl --guidance cut.json', 'guidance.malformed', /not JSON/],
    ['--domain d.pddl --problem big.pddl --guidance nan.json', 'guidance.malformed', /not JSON/],
    ['--domain d.pddl --problem big.pddl --guidance report.json', 'guidance.malformed', /format must be/],
    ['--domain d.pddl --problem big.pddl --guidance huge.json', 'file.unreadable', /33000000 bytes/],
    ['--domain d.pddl --problem big.pddl --guidance nowhere.json', 'file.unreadable', /no such file/],
    ['--domain d.pddl --problem big.pddl --guidance lessons', 'file.unreadable', /it is no file/],
  ])('refuses %s', async (flags, errorCode, message) => {
    const { code, out } = await run(`plan ${flags} --json`);
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({
      code: errorCode,
      message: expect.stringMatching(message),
      fix: [expect.anything()],
    });
  });
});
