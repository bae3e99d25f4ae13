import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { marksOf, startWorld, type World } from './setup';

const DOMAIN = `(define (domain workshop)
  (:requirements :hierarchy :typing :negative-preconditions)
  (:types piece)
  (:predicates (sanded ?p - piece) (joined ?a ?b - piece) (warm))
  (:task build :parameters (?a ?b - piece))
  (:task unite :parameters (?a ?b - piece))
  (:method both-sides :parameters (?a ?b - piece) :task (build ?a ?b)
    :subtasks (and (left (sand-left ?a)) (right (sand-right ?b)) (end (unite ?a ?b)))
    :ordering (and (< left end) (< right end)))
  (:method machine :parameters (?a ?b - piece) :task (unite ?a ?b) :ordered-subtasks (and (press ?a ?b)))
  (:method hand :parameters (?a ?b - piece) :task (unite ?a ?b) :ordered-subtasks (and (heat) (glue ?a ?b)))
  (:action sand-left :parameters (?p - piece) :effect (sanded ?p))
  (:action sand-right :parameters (?p - piece) :effect (sanded ?p))
  (:action press :parameters (?a ?b - piece) :precondition (and (sanded ?a) (sanded ?b)) :effect (joined ?a ?b))
  (:action heat :effect (warm))
  (:action glue :parameters (?a ?b - piece) :precondition (and (warm) (sanded ?a) (sanded ?b))
    :effect (and (joined ?a ?b) (not (warm)))))`;
const note = (step: number, ms = 0) => ({
  tools: [{ tool: 'test.note', args: { goal: '$run', step, ms } }],
  checks: [{ path: 'step', equals: step }],
});
const bindings = {
  ...{ name: 'workshop', version: '1.0.0', summary: 'Builds things of two pieces.' },
  params: [{ name: 'run', type: 'text', required: true }],
  world: { objects: { Top: 'piece', Leg: 'piece' }, init: [] },
  tasks: {
    build: {
      phrasings: ['build {a} with {b} as {run}'],
      goal: [['joined', '$a', '$b']],
      success: [{ name: 'test.noted', summary: 'four marks', args: { goal: '$run', count: 4 } }],
    },
  },
  primitives: {
    'sand-left': note(1, 1_200),
    'sand-right': note(2, 1_200),
    press: { tools: [{ tool: 'test.broken', args: { goal: '$run' } }] },
    heat: note(3),
    glue: note(4),
  },
};

jest.setTimeout(90_000);

describe('a pack folder with a planning domain', () => {
  let world: World;
  let packs: string;
  const drop = (name: string, files: Readonly<Record<string, string>>): void => {
    mkdirSync(join(packs, name), { recursive: true });
    for (const [file, text] of Object.entries(files)) writeFileSync(join(packs, name, file), text);
  };
  const api = async (path: string, init: { method?: string; body?: unknown } = {}) => {
    const { url, token } = world.client;
    const response = await fetch(`${url}${path}`, {
      method: init.method ?? 'GET',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? null : JSON.parse(text)) as Record<string, unknown> };
  };

  /** `goalkeeper plan` as people run it. */
  const plan = async (words: string): Promise<{ code: number; out: string; err: string }> => {
    const { url, token } = world.client;
    const main = resolve('dist/apps/cli/src/main.js');
    return new Promise((done) =>
      execFile(process.execPath, [main, 'plan', words, '--api-url', url, '--token', token], (error, out, err) =>
        done({ code: Number(error?.code ?? 0), out, err }),
      ),
    );
  };

  beforeAll(async () => {
    packs = mkdtempSync(join(tmpdir(), 'gk-packs-'));
    world = await startWorld({ GK_PACKS_DIR: packs });
  }, 120_000);
  afterAll(async () => {
    await world?.close();
    rmSync(packs, { recursive: true, force: true });
  }, 60_000);

  it('dropped into a running stack: its task is planned, worked in parallel, repaired after a failing tool, and verified', async () => {
    drop('workshop', { 'domain.hddl': DOMAIN, 'bindings.json': JSON.stringify(bindings) });
    drop('broken', { 'domain.hddl': DOMAIN.replace('(warm))', '(wram))'), 'bindings.json': JSON.stringify(bindings) });
    const task = { name: 'workshop.build', args: { a: 'Top', b: 'Leg', run: 'table-1' } };
    const { id } = await world.client.submit({ task }, 'hddl-1');
    const end = await world.client.until(id);
    expect(end).toMatchObject({ state: 'succeeded', verified: true });
    expect([...marksOf(world.far, 'table-1')].sort()).toEqual([1, 2, 3, 4]);

    const events = await world.client.events(id);
    const steps = events
      .filter(({ type }) => type === 'step.started' || type === 'step.completed')
      .map(({ type }) => type);
    expect(steps.slice(0, 2)).toEqual(['step.started', 'step.started']); // both sides at once
    const { body: goal } = await api(`/v1/goals/${id}?include=plan,steps,evidence`);
    expect(goal).toMatchObject({ planRevision: 2, plan: { pack: { name: 'workshop' } } });
    expect(String((goal.plan as { reason: string }).reason)).toContain('test.broken');
    expect((goal.evidence as { check: string }[]).map(({ check }) => check)).toContain('(joined top leg)');
    const named = (goal.steps as { label: string; state: string; calls: number }[]).map(({ label, state }) => [
      label,
      state,
    ]);
    expect(named).toEqual(
      expect.arrayContaining([
        ['left', 'succeeded'],
        ['right', 'succeeded'],
      ]),
    );
    const { body: listed } = await api('/v1/packs');
    const faults = listed.faults as { place: string; problems: { file: string; at: string }[] }[];
    expect(faults).toEqual([expect.objectContaining({ place: 'broken' })]);
    expect(faults[0]?.problems[0]).toMatchObject({ file: 'domain.hddl', at: expect.stringMatching(/^\d+:\d+$/) });
  });

  it('is asked for in words, and shown before anything is done', async () => {
    const before = await api('/v1/goals?limit=200');
    const { status, body } = await api('/v1/goals?dryRun=plan', {
      method: 'POST',
      body: { objective: 'build "Top" with "Leg" as "table-2"' },
    });
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { dryRun: 'plan', plan: { task: { name: 'workshop.build' } } },
    });
    const preview = body as {
      estimate: { durationMs: number; steps: unknown[] };
      alternatives: { method: string; steps: number }[];
    };
    // The goal before this one taught that hands get there where the machine did not.
    expect(preview.estimate.steps).toHaveLength(4);
    expect(preview.alternatives).toContainEqual(
      expect.objectContaining({ method: 'machine', instead: 'hand', steps: 3 }),
    );
    expect(marksOf(world.far, 'table-2')).toEqual([]);
    expect((await api('/v1/goals?limit=200')).body).toEqual(before.body);
    const shown = await plan('build "Top" with "Leg" as "table-2"');
    expect(shown).toMatchObject({ code: 0, out: expect.stringContaining('workshop.unite · hand') });
    expect(shown.out).toContain('by "machine" instead of "hand": 3 steps');
    expect(await plan('sing a song of sixpence')).toMatchObject({
      code: 2,
      err: expect.stringContaining('intent.unknown'),
    });
    expect(
      await api('/v1/goals?dryRun=plan', { method: 'POST', body: { objective: 'sing a song of sixpence' } }),
    ).toMatchObject({
      status: 422,
      body: { code: 'preview.refused', detail: expect.stringContaining('intent.unknown') },
    });
  });

  it('uploaded belongs to the tenant, keeps its versions, and is refused with each mistake in its place', async () => {
    const own = { ...bindings, name: 'atelier' };
    const upload = (value: unknown) => api('/v1/packs', { method: 'POST', body: value });
    expect(await upload({ domain: DOMAIN, bindings: own })).toMatchObject({
      status: 201,
      body: { name: 'atelier', language: 'pddl' },
    });
    const args = { a: 'Top', b: 'Leg', run: 'table-3' };
    const { id } = await world.client.submit({ task: { name: 'atelier.build', args } }, 'hddl-3');
    expect(await world.client.until(id)).toMatchObject({ state: 'succeeded', verified: true });
    const changed = { ...own, summary: 'Another one.' };
    expect(await upload({ domain: DOMAIN, bindings: changed })).toMatchObject({
      status: 409,
      body: { code: 'pack.version_exists' },
    });
    expect(await upload({ domain: DOMAIN, bindings: { ...changed, version: '1.1.0' } })).toMatchObject({
      status: 201,
      body: { version: '1.1.0', versions: [{ version: '1.1.0' }, { version: '1.0.0' }] },
    });
    expect(await upload({ domain: '(define (domain x)\n (:task))', bindings: own })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/domain', message: expect.stringContaining('line 2') }] },
    });
    const unknown = {
      ...own,
      version: '2.0.0',
      primitives: { ...own.primitives, heat: { tools: [{ tool: 'no.tool' }] } },
    };
    expect(await upload({ domain: DOMAIN, bindings: unknown })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/bindings/primitives/heat/tools/0/tool' }] },
    });
    expect((await api('/v1/packs/workshop', { method: 'DELETE' })).body).toMatchObject({ code: 'pack.shared' });
    expect((await api('/v1/packs/atelier', { method: 'DELETE' })).status).toBe(204);
    expect((await api('/v1/packs/atelier')).status).toBe(404);
  });
});
