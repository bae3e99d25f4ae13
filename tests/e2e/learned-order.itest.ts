import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startWorld, type World } from './setup';

jest.setTimeout(300_000);

const DOMAIN = `(define (domain ferry) (:requirements :typing :negative-preconditions) (:types place car - object)
  (:predicates (ferry-at ?p - place) (car-at ?c - car ?p - place) (free) (aboard ?c - car))
  (:action sail :parameters (?a ?b - place) :precondition (ferry-at ?a) :effect (and (ferry-at ?b) (not (ferry-at ?a))))
  (:action board :parameters (?c - car ?p - place) :precondition (and (car-at ?c ?p) (ferry-at ?p) (free))
    :effect (and (aboard ?c) (not (car-at ?c ?p)) (not (free))))
  (:action debark :parameters (?c - car ?p - place) :precondition (and (aboard ?c) (ferry-at ?p))
    :effect (and (car-at ?c ?p) (free) (not (aboard ?c)))))`;
const note = { tools: [{ tool: 'test.note', args: { goal: 'ferry', step: 1, ms: 0 } }] };
const bindings = {
  ...{ name: 'ferry', version: '1.0.0', summary: 'A ferry.', world: { objects: {}, init: [] } },
  primitives: { sail: note, board: note, debark: note },
};
const PLACES = ['oslo', 'bergen', 'narvik', 'voss'];
const CARS = ['volvo', 'saab', 'lada'];

/** Cars that are to be taken elsewhere; another problem for each number. */
function problem(n: number): object {
  const cars = CARS.slice(0, 1 + (n % 3));
  const placeOf = (index: number): string => PLACES[(index + n) % PLACES.length] ?? 'oslo';
  return {
    objects: Object.fromEntries([...cars.map((car) => [car, 'car']), ...PLACES.map((place) => [place, 'place'])]),
    init: [['free'], ['ferry-at', placeOf(n)], ...cars.map((car, index) => ['car-at', car, placeOf(index)])],
    goal: cars.map((car, index) => ['car-at', car, placeOf(index + 1 + Math.floor(n / 4))]),
  };
}

interface Planned {
  readonly state: string;
  readonly plan: {
    readonly lessons?: readonly { readonly id: string; readonly kind: string; readonly change: string }[];
  };
}

/** The order of search that goals over a planning domain taught, from the goals to the explanation of a later one. */
describe('a learned order of search', () => {
  let world: World;
  let packs: string;
  let count = 0;
  const solve = async (): Promise<string> => {
    const n = (count += 1);
    const task = { name: 'ferry.problem', args: { problem: problem(n) } };
    const { id } = await world.client.submit({ task }, `ferry-${n}`);
    await world.client.until(id);
    return id;
  };
  const learn = async (): Promise<void> => {
    for (;;) {
      const ask = { body: {}, key: `ferry-run-${(count += 100)}` };
      const { body } = await world.client.ask<{ state: string }>('POST', '/v1/learning/runs', ask);
      if (body.state === 'completed') return;
      await sleep(500);
    }
  };
  const planOf = async (id: string): Promise<Planned> =>
    (await world.client.ask<Planned>('GET', `/v1/goals/${id}?include=plan`)).body;
  const explained = (id: string): Promise<string> => {
    const { url, token } = world.client;
    const main = resolve('dist/apps/cli/src/main.js');
    return new Promise((done, fail) =>
      execFile(process.execPath, [main, 'explain', id, '--api-url', url, '--token', token], (error, out) =>
        error ? fail(new Error(error.message)) : done(out),
      ),
    );
  };

  beforeAll(async () => {
    packs = mkdtempSync(join(tmpdir(), 'gk-packs-'));
    mkdirSync(join(packs, 'ferry'));
    writeFileSync(join(packs, 'ferry', 'domain.pddl'), DOMAIN);
    writeFileSync(join(packs, 'ferry', 'bindings.json'), JSON.stringify(bindings));
    world = await startWorld({ GK_PACKS_DIR: packs, GK_LEARNING_EVERY_SECONDS: '3600' });
  }, 120_000);
  afterAll(async () => {
    await world?.close();
    rmSync(packs, { recursive: true, force: true });
  }, 60_000);

  it('is used in planning a later goal by another worker, and its explanation names the lesson', async () => {
    for (let n = 0; n < 8; n += 1) expect((await planOf(await solve())).state).toBe('succeeded');
    await learn();
    const [lesson] = await world.system.query<{ id: string; sources: number }>(
      `SELECT id, (SELECT count(*)::integer FROM lesson_source s WHERE s.lesson_id = l.id) AS sources FROM lesson l
       WHERE kind = 'search_guidance' AND key = 'ferry'`,
    );
    expect(lesson?.sources).toBeGreaterThanOrEqual(6);
    // Problems as small as these may leave its gate closed: what is tested is the way of an open one.
    await world.system.query(
      `UPDATE lesson SET body = jsonb_set(body, '{model,gate,open}', 'true') WHERE kind = 'search_guidance'`,
    );
    await learn();
    await world.system.kill('worker');
    await world.system.startPart('worker');
    const id = await solve();
    const { state, plan } = await planOf(id);
    const name = `les_${lesson?.id.replaceAll('-', '')}`;
    expect(state).toBe('succeeded');
    expect(plan.lessons).toMatchObject([{ id: name, kind: 'search_guidance' }]);
    const told = await explained(id);
    expect(told).toContain(`lesson ${name} (search_guidance) orders the search by what goals over ferry taught`);
    // It is counted as having taken part, which harm is told from.
    await learn();
    const [evidence] = await world.system.query<{ took: string[] }>(
      `SELECT evidence->'took' AS took FROM episode ORDER BY created_at DESC LIMIT 1`,
    );
    expect(evidence?.took).toEqual([lesson?.id]);
  });
});
