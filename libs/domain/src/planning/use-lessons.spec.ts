import type { Learned, Lesson } from '../learning/lesson';
import { featureBucket } from '../learning/buckets';
import { parsePack } from './parse-pack';
import { planTask } from './plan-goal';
import { validatePlan } from './validate-plan';
import { repairPlan } from './repair-plan';

const param = (name: string) => ({ name, type: 'text', required: true });
const fact = (predicate: string, ...args: string[]) => ({ predicate, args });
const tool = [{ tool: 'test.note', args: {} }];
const pack = parsePack({
  ...{ name: 'house', version: '1.0.0', summary: 's' },
  tasks: [
    {
      name: 'house.tidy',
      summary: 's',
      params: [param('room')],
      success: [{ name: 'test.ok', summary: 's', args: {} }],
    },
    {
      name: 'house.ready',
      summary: 's',
      params: [param('room')],
      achieves: [fact('clean', '$room'), fact('warm', '$room')],
      success: [{ name: 'test.ok', summary: 's', args: {} }],
    },
  ],
  methods: [
    {
      name: 'slow',
      task: 'house.tidy',
      summary: 's',
      cost: 1,
      subtasks: [
        { id: 'a', task: 'house.light', args: { room: '$room' } },
        { id: 'b', task: 'house.sweep', args: { room: '$room' }, after: ['a'] },
        { id: 'c', task: 'house.heat', args: { room: '$room' } },
      ],
    },
    {
      name: 'dark',
      task: 'house.tidy',
      summary: 's',
      cost: 2,
      subtasks: [{ id: 'b', task: 'house.sweep', args: { room: '$room' } }],
    },
  ],
  operators: [
    { name: 'house.light', summary: 's', params: [param('room')], adds: [fact('lit', '$room')], tools: tool },
    { name: 'house.open', summary: 's', params: [param('room')], adds: [fact('open', '$room')], tools: tool, cost: 3 },
    {
      name: 'house.sweep',
      summary: 's',
      params: [param('room')],
      adds: [fact('clean', '$room')],
      deletes: [fact('warm', '$room')],
      tools: tool,
    },
    {
      name: 'house.heat',
      summary: 's',
      params: [param('room')],
      when: [fact('clean', '$room')],
      adds: [fact('warm', '$room')],
      tools: tool,
    },
  ],
});
const context = {
  packs: [pack],
  facts: [],
  tools: [
    {
      name: 'test.note',
      version: '1.0.0',
      summary: '',
      kind: 'plugin',
      effect: 'pure',
      boundMs: 1,
      timeoutMs: 10,
      costUsd: 0,
    } as const,
  ],
};
const request = { name: 'house.tidy', args: { room: 'hall' } };
const learned = (...lessons: Lesson[]): Learned => ({ snapshotId: 's', arm: 'on', lessons });
const lesson = <K extends Lesson['kind']>(kind: K, body: Extract<Lesson, { kind: K }>['body']): Lesson =>
  ({ id: `l-${kind}`, kind, status: 'active', body }) as Lesson;
const operators = (plan: { steps: readonly { operator: string }[] }): string[] =>
  plan.steps.map(({ operator }) => operator);

describe('lessons in a plan', () => {
  it('of method preference order methods for goals of their shape alone, and are named', () => {
    const body = {
      task: 'house.tidy',
      bucket: featureBucket(request.args),
      method: 'dark',
      successes: 50,
      failures: 0,
    };
    const against = { ...body, method: 'slow', successes: 0, failures: 50 };
    const told = learned(lesson('method_preference', body), { ...lesson('method_preference', against), id: 'l-2' });
    const plan = planTask({ packs: [pack], request, learned: told });
    expect(operators(plan)).toEqual(['house.sweep']);
    expect(plan.lessons?.map(({ id }) => id)).toEqual(['l-method_preference', 'l-2']);
    expect(plan.lessons?.[0]?.change).toContain('tries dark, slow instead of slow, dark');
    const other = learned(lesson('method_preference', { ...body, bucket: 'x' }));
    expect(planTask({ packs: [pack], request, learned: other })).toEqual(planTask({ packs: [pack], request }));
    expect(planTask({ packs: [pack], request, learned: { ...told, arm: 'off' } }).lessons).toBeUndefined();
  });

  it('of the kind macro add a method, which the validator replays like any other', () => {
    const macro = {
      ...{ task: 'house.tidy', name: 'learned-1', params: ['room'], when: [] },
      steps: [
        { operator: 'house.sweep', args: { room: '$room' } },
        { operator: 'house.heat', args: { room: '$room' } },
      ],
    };
    const plan = planTask({ packs: [pack], request, learned: learned(lesson('macro', macro)) });
    expect(operators(plan)).toEqual(['house.sweep', 'house.heat']);
    expect(plan.ownMethods?.map(({ name }) => name)).toEqual(['learned-1']);
    expect(plan.lessons).toMatchObject([{ id: 'l-macro', kind: 'macro' }]);
    expect(validatePlan(plan, context)).toEqual([]);
    const { ownMethods: _gone, ...without } = plan;
    expect(validatePlan(without, context)).not.toEqual([]);
    const next = repairPlan({
      packs: [pack],
      plan,
      succeeded: [],
      faults: [{ stepId: plan.steps[1]?.id ?? '', code: 'x', message: 'y' }],
      learned: learned(lesson('macro', macro)),
    });
    expect(next.choices[0]?.method).not.toBe('learned-1');
    expect(validatePlan(next, context)).toEqual([]);
  });

  it('that no longer fit the pack are dropped', () => {
    const steps = [{ operator: 'house.gone', args: {} }];
    const stale = learned(lesson('macro', { task: 'house.tidy', name: 'old', params: ['room'], when: [], steps }));
    const bare = planTask({ packs: [pack], request });
    expect(planTask({ packs: [pack], request, learned: stale })).toEqual(bare);
    const wrong = learned(
      lesson('macro', {
        task: 'house.tidy',
        name: 'old',
        params: ['size'],
        when: [],
        steps: [{ operator: 'house.sweep', args: { room: '$size' } }],
      }),
    );
    expect(planTask({ packs: [pack], request, learned: wrong })).toEqual(bare);
  });

  it('of operator repair prefer plans that meet the hypothesis, and never rule the others out', () => {
    const lit = { operator: 'house.sweep', missing: fact('lit', '$room'), heldInSuccesses: 5, lackedInFailures: 5 };
    const stats = [
      { task: 'house.tidy', method: 'dark', successes: 99, failures: 0 },
      { task: 'house.tidy', method: 'slow', successes: 0, failures: 99 },
    ];
    expect(operators(planTask({ packs: [pack], request, methodStats: stats }))).toEqual(['house.sweep']);
    const plan = planTask({
      packs: [pack],
      request,
      methodStats: stats,
      learned: learned(lesson('operator_repair', lit)),
    });
    expect(operators(plan)).toEqual(['house.light', 'house.sweep', 'house.heat']);
    expect(plan.lessons).toMatchObject([{ kind: 'operator_repair' }]);
    expect(validatePlan(plan, context)).toEqual([]);
    const never = { ...lit, missing: fact('open', '$room') };
    expect(
      operators(
        planTask({ packs: [pack], request, methodStats: stats, learned: learned(lesson('operator_repair', never)) }),
      ),
    ).toEqual(['house.sweep']);
  });
});

describe('a task that no method does', () => {
  const ready = { name: 'house.ready', args: { room: 'hall' } };
  it('is done by search over the operators for its facts', () => {
    const plan = planTask({ packs: [pack], request: ready });
    expect(operators(plan)).toEqual(['house.sweep', 'house.heat']);
    expect(plan.steps[1]?.after).toEqual([plan.steps[0]?.id]);
    expect(validatePlan(plan, context)).toEqual([]);
  });

  it('needs nothing where its facts hold, and less where some do', () => {
    const facts = [fact('clean', 'hall')];
    const plan = planTask({ packs: [pack], request: ready, facts });
    expect(operators(plan)).toEqual(['house.heat']);
    expect(validatePlan(plan, { ...context, facts })).toEqual([]);
  });

  it('is refused by the validator when its steps do not bring the facts about', () => {
    const plan = planTask({ packs: [pack], request: ready });
    const [method] = plan.ownMethods ?? [];
    const subtasks = method?.subtasks.slice(0, 1) ?? [];
    const short = {
      ...plan,
      steps: plan.steps.slice(0, 1),
      links: [],
      ownMethods: method ? [{ ...method, subtasks }] : [],
    };
    expect(validatePlan(short, context)).toMatchObject([
      { message: expect.stringContaining('should bring about warm(hall)') },
    ]);
  });

  it('has no plan when nothing brings its facts about', () => {
    const impossible = { ...pack, operators: pack.operators.filter(({ name }) => name !== 'house.heat'), methods: [] };
    expect(() => planTask({ packs: [impossible], request: ready })).toThrow(
      expect.objectContaining({ code: 'plan.none' }),
    );
  });
});
