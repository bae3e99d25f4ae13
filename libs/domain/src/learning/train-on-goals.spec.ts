import { packOfDomain } from '../planning/pddl-pack/pack-of-domain';
import { hubs } from '../planning/pddl-pack/testing/hubs';
import { planTask } from '../planning/plan-goal';
import { advance } from './advance';
import type { Learned, Lesson } from './lesson';
import { DEFAULT_SETTINGS, toLesson } from './lesson-record';
import { someEvidence } from './testing/evidence';
import { LEAST_PROBLEMS, type SolvedGoal, trainOnGoals } from './train-on-goals';

const FERRY = `(define (domain ferry) (:requirements :typing :negative-preconditions) (:types place car - object)
  (:predicates (ferry-at ?p - place) (car-at ?c - car ?p - place) (free) (aboard ?c - car))
  (:action sail :parameters (?a ?b - place) :precondition (ferry-at ?a) :effect (and (ferry-at ?b) (not (ferry-at ?a))))
  (:action board :parameters (?c - car ?p - place) :precondition (and (car-at ?c ?p) (ferry-at ?p) (free))
    :effect (and (aboard ?c) (not (car-at ?c ?p)) (not (free))))
  (:action debark :parameters (?c - car ?p - place) :precondition (and (aboard ?c) (ferry-at ?p))
    :effect (and (car-at ?c ?p) (free) (not (aboard ?c)))))`;
const tool = { tools: [{ tool: 'test.note', args: {} }] };
const ferry = packOfDomain({
  domain: FERRY,
  bindings: {
    ...{ name: 'ferry', version: '1.0.0', summary: 'A ferry.', world: { objects: {}, init: [] } },
    primitives: { sail: tool, board: tool, debark: tool },
  },
});

const CARS = ['volvo', 'saab', 'lada', 'fiat', 'opel'];
const PLACES = ['oslo', 'bergen', 'narvik', 'voss'];

function aGoal(n: number): SolvedGoal {
  const cars = CARS.slice(0, 2 + (n % 4));
  const placeOf = (index: number): string => PLACES[(index + n) % PLACES.length] ?? 'oslo';
  const objects = Object.fromEntries([...cars.map((car) => [car, 'car']), ...PLACES.map((place) => [place, 'place'])]);
  const init = [['free'], ['ferry-at', placeOf(n)], ...cars.map((car, index) => ['car-at', car, placeOf(index)])];
  const goal = cars.map((car, index) => ['car-at', car, placeOf(index + 1 + Math.floor(n / 4))]);
  return { goalId: `goal-${n}`, task: { name: 'ferry.problem', args: { problem: { objects, init, goal } } } };
}
const solved = Array.from({ length: 12 }, (_, n) => aGoal(n));
const never = (): boolean => false;

describe('guidance learned from goals', () => {
  const trained = trainOnGoals(ferry, solved, never);

  it('comes of the problems of verified goals, and holds nothing of them', () => {
    expect(trained).toMatchObject({ pack: 'ferry', tasks: ['ferry.problem'] });
    expect(trained?.goals).toHaveLength(solved.length);
    expect(trained?.model.trained).toMatchObject({ placeboSeed: null });
    expect(trained?.model.trained.plans).toBeGreaterThan(0);
    for (const name of [...CARS, ...PLACES, 'goal-']) expect(JSON.stringify(trained?.model)).not.toContain(name);
  });

  it('needs several problems, not one many times, of a classical domain', () => {
    expect(trainOnGoals(ferry, solved.slice(0, LEAST_PROBLEMS - 1), never)).toBeNull();
    expect(
      trainOnGoals(
        ferry,
        solved.map((goal) => ({ ...goal, task: solved[0]!.task })),
        never,
      ),
    ).toBeNull();
    expect(trainOnGoals(hubs, solved, never)).toBeNull();
  });

  const round = (open: boolean, records: Parameters<typeof advance>[0]['records'] = [], isNew = true) =>
    advance({
      ...{
        records,
        assignments: [],
        settings: DEFAULT_SETTINGS,
        versions: {},
        nowMs: 1e9 + records.length,
        newId: () => 'l1',
      },
      evidence: solved.map(({ goalId }) => someEvidence({ goalId, pack: 'ferry', task: 'ferry.problem', atMs: 1e9 })),
      models:
        isNew && trained ? [{ ...trained, model: { ...trained.model, gate: { ...trained.model.gate, open } } }] : [],
    });

  it('is used when its own gate is open, and never when it is closed', () => {
    const [shadow] = round(true).changed.filter(({ kind }) => kind === 'search_guidance');
    expect(shadow).toMatchObject({ key: 'ferry', status: 'shadow' });
    expect(round(true, [shadow!]).changed).toMatchObject([{ status: 'active', sources: trained?.goals }]);
    expect(round(true, [shadow!]).needsSnapshot).toBe(true);
    const [closed] = round(false).changed.filter(({ kind }) => kind === 'search_guidance');
    expect(round(false, [closed!]).changed).toEqual([]);
    const active = { ...shadow!, status: 'active' } as const;
    expect(round(false, [active as typeof shadow & object]).changed).toMatchObject([{ status: 'retired' }]);
  });

  it('orders the search of later goals, which say so; of another pack, without learning and with a broken model it does not', () => {
    const [shadow] = round(true).changed.filter(({ kind }) => kind === 'search_guidance');
    const lesson: Lesson = { ...toLesson(shadow!), status: 'active' };
    const plan = (learned?: Learned) =>
      planTask({ packs: [ferry], request: aGoal(99).task, ...(learned ? { learned } : {}) });
    const on: Learned = { snapshotId: 's', arm: 'on', lessons: [lesson] };
    expect(plan(on).lessons).toMatchObject([{ id: 'l1', kind: 'search_guidance' }]);
    expect(plan().lessons).toBeUndefined();
    expect(plan({ ...on, arm: 'off' }).lessons).toBeUndefined();
    const other = { ...lesson, body: { ...lesson.body, domain: 'boats' } } as Lesson;
    const broken = { ...lesson, body: { domain: 'ferry', model: { weights: {} } } } as Lesson;
    for (const one of [other, broken]) expect(plan({ ...on, lessons: [one] }).lessons).toBeUndefined();
  });
});
