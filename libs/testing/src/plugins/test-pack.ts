import type { Json, JsonObject } from '@goalkeeper/domain';

const goal = { name: 'goal', type: 'text', required: true };
const integer = (name: string, value: number): object => ({ name, type: 'integer', default: value });
const noted = (count: Json, name = 'test.noted'): object[] => [
  { name, summary: 'the far side has every mark once', args: { goal: '$goal', count } },
];
const operator = (name: string, params: object[], tools: [tool: string, args: JsonObject][]): object => ({
  name,
  summary: name,
  params: [goal, ...params],
  tools: tools.map(([tool, args]) => ({ tool, args })),
});
const method = (name: string, task: string, subtasks: object[], cost = 1): object => ({
  name,
  task,
  summary: name,
  cost,
  subtasks,
});
const note: [string, JsonObject] = ['test.note', { goal: '$goal', step: '$step', ms: '$ms' }];

/** Tasks over the tools of `test-tools.ts`, each for one way a goal can go. */
export const testPack = {
  name: 'test',
  version: '1.0.0',
  summary: 'Goals that are slow, fail or take detours.',
  tasks: [
    {
      name: 'test.work',
      summary: 'k marks in a row',
      params: [goal, integer('k', 3), integer('ms', 0)],
      success: noted('$k'),
    },
    {
      name: 'test.late-check',
      summary: 'one mark, and a check that is not as short as it says',
      params: [goal],
      success: noted(1, 'test.noted-late'),
    },
    {
      name: 'test.wobble',
      summary: 'a step that fails first',
      params: [goal, integer('failures', 1)],
      success: noted(1),
    },
    { name: 'test.detour', summary: 'a step whose first tool is broken', params: [goal], success: noted(1) },
    { name: 'test.other-way', summary: 'a way that is closed, and another', params: [goal], success: noted(1) },
    { name: 'test.hopeless', summary: 'no way at all', params: [goal], success: noted(1) },
    {
      name: 'test.irreversible',
      summary: 'one mark, never repeated',
      params: [goal, integer('ms', 0)],
      success: noted(1),
    },
    {
      name: 'test.family',
      summary: 'k marks by a goal of its own, then one more as its result says',
      params: [goal, integer('k', 2), integer('ms', 0), integer('budget', 10)],
      success: noted(3),
    },
    {
      name: 'test.lost-child',
      summary: 'a goal that fails, and another way',
      params: [goal],
      success: noted(1),
    },
    {
      name: 'test.session',
      summary: 'opens, does something else, then uses what was opened',
      params: [goal, integer('losses', 1), integer('marks', 3)],
      success: noted('$marks'),
    },
    { name: 'test.liar', summary: 'steps that work, and a mark that nobody leaves', params: [goal], success: noted(1) },
    {
      name: 'test.taught',
      summary: 'two ways that cost nearly the same, the first one closed',
      params: [goal],
      success: noted(1),
    },
    { name: 'test.endless', summary: 'a goal that raises itself', params: [goal], success: noted(1) },
  ],
  methods: [
    method('marks', 'test.work', [
      {
        id: 'note',
        task: 'test.mark',
        args: { goal: '$goal', step: '$i', ms: '$ms' },
        repeat: { count: '$k', as: 'i' },
      },
    ]),
    method('late-check', 'test.late-check', [
      { id: 'note', task: 'test.mark', args: { goal: '$goal', step: 0, ms: 0 } },
    ]),
    method('wobble', 'test.wobble', [
      { id: 'try', task: 'test.try', args: { goal: '$goal', failures: '$failures' } },
      { id: 'note', task: 'test.mark', args: { goal: '$goal', step: 0, ms: 0 }, after: ['try'] },
    ]),
    method('two-tools', 'test.detour', [{ id: 'mark', task: 'test.either', args: { goal: '$goal', step: 0, ms: 0 } }]),
    method('closed', 'test.other-way', [{ id: 'mark', task: 'test.never', args: { goal: '$goal' } }], 1),
    method('open', 'test.other-way', [{ id: 'mark', task: 'test.mark', args: { goal: '$goal', step: 0, ms: 0 } }], 5),
    method('never', 'test.hopeless', [{ id: 'mark', task: 'test.never', args: { goal: '$goal' } }]),
    method('raised', 'test.family', [
      {
        id: 'sub',
        goal: { task: 'test.work', args: { goal: '$goal', k: '$k', ms: '$ms' } },
        budget: { maxSteps: '$budget' },
      },
      { id: 'last', task: 'test.mark', args: { goal: '$goal', step: '{{steps.sub.result.step}}', ms: 0 } },
    ]),
    method('by-a-goal', 'test.lost-child', [
      { id: 'sub', goal: { task: 'test.hopeless', args: { goal: '$goal' } } },
      { id: 'mark', task: 'test.mark', args: { goal: '$goal', step: 0, ms: 0 }, after: ['sub'] },
    ]),
    method(
      'by-a-step',
      'test.lost-child',
      [{ id: 'mark', task: 'test.mark', args: { goal: '$goal', step: 1, ms: 0 } }],
      5,
    ),
    method('in-session', 'test.session', [
      { id: 'open', task: 'test.open', args: { goal: '$goal' } },
      { id: 'between', task: 'test.mark', args: { goal: '$goal', step: 5, ms: 0 }, after: ['open'] },
      { id: 'use', task: 'test.use', args: { goal: '$goal', losses: '$losses' }, after: ['between'] },
    ]),
    method('talk', 'test.liar', [{ id: 'try', task: 'test.try', args: { goal: '$goal', failures: 0 } }]),
    method('closed', 'test.taught', [{ id: 'mark', task: 'test.never', args: { goal: '$goal' } }], 2),
    method('open', 'test.taught', [{ id: 'mark', task: 'test.mark', args: { goal: '$goal', step: 0, ms: 0 } }], 2.2),
    method('itself', 'test.endless', [{ id: 'sub', goal: { task: 'test.endless', args: { goal: '$goal' } } }]),
    method('once', 'test.irreversible', [
      { id: 'mark', task: 'test.mark-once', args: { goal: '$goal', step: 0, ms: '$ms' } },
    ]),
  ],
  operators: [
    operator('test.mark', [integer('step', 0), integer('ms', 0)], [note]),
    operator('test.either', [integer('step', 0), integer('ms', 0)], [['test.broken', { goal: '$goal' }], note]),
    operator('test.try', [integer('failures', 0)], [['test.flaky', { goal: '$goal', failures: '$failures' }]]),
    {
      ...operator('test.open', [], [['test.note', { goal: '$goal', step: 0, ms: 0 }]]),
      adds: [{ predicate: 'open', args: ['$goal'] }],
    },
    {
      ...operator('test.use', [integer('losses', 0)], [['test.use', { goal: '$goal', losses: '$losses' }]]),
      when: [{ predicate: 'open', args: ['$goal'] }],
    },
    operator('test.never', [], [['test.broken', { goal: '$goal' }]]),
    operator(
      'test.mark-once',
      [integer('step', 0), integer('ms', 0)],
      [['test.once', { goal: '$goal', step: '$step', ms: '$ms' }]],
    ),
  ],
};
