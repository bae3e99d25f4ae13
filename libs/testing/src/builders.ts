import { randomUUID } from 'node:crypto';
import type { Decision, Goal, Observation, Plan, PlanStep } from '@goalkeeper/domain';

/** A goal of which only what matters to the test is told. */
export function aGoal(told: Partial<Goal> = {}): Goal {
  return {
    id: randomUUID(),
    tenantId: '00000000-0000-7000-8000-000000000001',
    objective: 'analyse weather.csv',
    task: { name: 'data.report', args: { source: 'weather.csv' } },
    priority: 'normal',
    deadlineMs: null,
    maxSteps: 50,
    parallelism: 4,
    dependsOn: [],
    dependencyPolicy: 'fail',
    ...told,
  };
}

/** A step that needs nothing; its id is its label. */
export function aPlanStep(label: string, told: Partial<PlanStep> = {}): PlanStep {
  return {
    id: `${label}#0`,
    label,
    summary: `does ${label}`,
    operator: label,
    lineage: label,
    occurrence: 0,
    args: {},
    tools: [{ tool: 'test.echo', args: {} }],
    after: [],
    when: [],
    adds: [],
    deletes: [],
    ...told,
  };
}

export function aPlan(steps: readonly PlanStep[], told: Partial<Plan> = {}): Plan {
  return {
    revision: 1,
    task: { name: 'data.report', args: {} },
    pack: { name: 'data', version: '1.0.0' },
    steps,
    links: [],
    choices: [],
    success: [],
    reason: 'first plan',
    ...told,
  };
}

export function aDecision(stepId: string, told: Partial<Decision> = {}): Decision {
  return {
    stepId,
    chosen: { tool: 'test.echo', bindingIndex: 0 },
    confidence: 0.5,
    candidates: [],
    recalledEpisodes: [],
    reason: 'only candidate',
    ...told,
  };
}

export function anObservation(stepId: string, told: Partial<Observation> = {}): Observation {
  return {
    stepId,
    tool: 'test.echo',
    outcome: 'success',
    error: null,
    evidence: [],
    factsAdded: [],
    factsRemoved: [],
    summary: 'echoed',
    durationMs: 5,
    costUsd: 0,
    replayed: false,
    ...told,
  };
}
