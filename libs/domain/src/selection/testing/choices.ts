import type { Learned, Lesson, LessonBodies, LessonKind } from '../../learning/lesson';
import type { PlanStep } from '../../planning/plan';
import type { ToolDescriptor } from '../../tools/effect';
import { ranked } from '../decisive';
import { scoreOf } from '../posterior';
import { selectAction, type SelectInput } from '../select-action';
import type { Decision, DecisiveFactor, ScoredCandidate, ToolStat } from '../selection';

export const aTool = (name: string, more: Partial<ToolDescriptor> = {}): ToolDescriptor => ({
  name,
  version: '1.0.0',
  summary: name,
  kind: 'real',
  effect: 'pure',
  boundMs: 1000,
  timeoutMs: 5000,
  costUsd: 0,
  ...more,
});

export const aStep = (tools: readonly string[], more: Partial<PlanStep> = {}): PlanStep => ({
  id: 'root:m/fetch#0',
  label: 'fetch',
  summary: '',
  operator: 'fetch',
  lineage: 'root:m/fetch',
  occurrence: 0,
  args: {},
  tools: tools.map((tool) => ({ tool, args: { url: 'x' } })),
  after: [],
  when: [],
  adds: [],
  deletes: [],
  ...more,
});

export const aStat = (tool: string, successes: number, failures: number, more: Partial<ToolStat> = {}): ToolStat => ({
  tool,
  successes,
  failures,
  meanDurationMs: 1000,
  ...more,
});

/** A choice between the tools `a` and `b`, of which only what matters is told. */
export const choose = (input: Partial<SelectInput> = {}): Decision =>
  selectAction({
    goalId: 'g',
    step: aStep(['a', 'b']),
    tools: [aTool('a'), aTool('b')],
    stats: [],
    episodes: [],
    banned: [],
    facts: [],
    ...input,
  });

export const aLessonOf = <K extends LessonKind>(kind: K, body: LessonBodies[K], id = `l-${kind}`): Lesson =>
  ({ id, kind, status: 'active', body }) as Lesson;

export const learnedFrom = (lessons: readonly Lesson[], arm: Learned['arm'] = 'on'): Learned => ({
  snapshotId: 's1',
  arm,
  lessons,
});

/** The index of the binding that wins with one factor of one candidate changed; null when none has a score. */
export function chooseWith(
  scored: readonly ScoredCandidate[],
  change: { readonly bindingIndex: number; readonly factor: DecisiveFactor['factor']; readonly value: number },
): number | null {
  const changed = scored.map((candidate) => {
    if (candidate.bindingIndex !== change.bindingIndex || !candidate.factors) return candidate;
    const factors = { ...candidate.factors, [change.factor]: change.value };
    return { ...candidate, factors, score: scoreOf(factors) };
  });
  return ranked(changed)[0]?.bindingIndex ?? null;
}
