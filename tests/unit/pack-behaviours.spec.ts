import { type DomainPack, type Plan, planTask, validatePlan } from '../../libs/domain/src';
import { builtinPlugins } from '../../libs/tools/src/builtin';

/**
 * Behaviours of the packs that ship, named by the brief of this system. They are planned against simulated tools: every tool that a
 * pack names counts as installed.
 */
const packs: readonly DomainPack[] = builtinPlugins.flatMap((plugin) => plugin.packs ?? []);
const named = [
  ...new Set(packs.flatMap((pack) => pack.operators.flatMap(({ tools }) => tools.map(({ tool }) => tool)))),
];
const tools = named.map((name) => ({
  ...{ name, version: '1.0.0', summary: name, kind: 'mock' as const, effect: 'pure' as const },
  ...{ boundMs: 10, timeoutMs: 100, costUsd: 0 },
}));

function planOf(name: string, args: Plan['task']['args']): Plan {
  const plan = planTask({ packs, request: { name, args } });
  expect(validatePlan(plan, { packs, facts: [], tools })).toEqual([]);
  return plan;
}

/** Tells loudly which pack is missing, where it does not ship yet. */
function given(task: string): typeof it.skip {
  const isThere = packs.some((pack) => pack.tasks.some(({ name }) => name === task));
  if (!isThere) console.warn(`skipped: no pack that ships offers ${task}`);
  return isThere ? it : it.skip;
}

/** True when the one surely comes before the other, through however many steps between. */
function comesBefore(plan: Plan, first: string, second: string): boolean {
  const afterOf = new Map(plan.steps.map(({ id, after }) => [id, after]));
  const reaches = (id: string): boolean => (afterOf.get(id) ?? []).some((other) => other === first || reaches(other));
  return reaches(second);
}

describe('named behaviours', () => {
  given('research.write')('a document goal yields gather, draft, review in order', () => {
    const goals: readonly [string, Plan['task']['args']][] = [
      ['research.write', { topic: 'tides', sources: ['notes.md'] }],
      ['research.answer', { question: 'How high is it?', sources: ['notes.md'] }],
    ];
    for (const [task, args] of goals) {
      const plan = planOf(task, args);
      const steps = ['gather', 'draft', 'review'].map((label) => plan.steps.find((step) => step.label === label));
      expect([task, steps.map((step) => step?.label)]).toEqual([task, ['gather', 'draft', 'review']]);
      const [gather = '', draft = '', review = ''] = steps.map((step) => step?.id);
      expect([task, comesBefore(plan, gather, draft), comesBefore(plan, draft, review)]).toEqual([task, true, true]);
    }
  });

  given('code.run')("a coding goal's plan includes the code tool", () => {
    const goals: readonly Plan['task']['args'][] = [
      { code: 'print(1)', language: 'python' },
      { source: 'main.py', language: 'python' },
    ];
    for (const args of goals) {
      const plan = planOf('code.run', args);
      const used = plan.steps.flatMap((step) => step.tools.map(({ tool }) => tool));
      expect(used).toContain('code.run');
    }
  });
});
