import type { PlanStep } from '@goalkeeper/domain';
import type { BeginCall, FinishCall, NewLesson, ProducedFile } from '@goalkeeper/persistence';
import { randomUUID } from 'node:crypto';
import { aDecision, anObservation } from './builders';

/** The first call of a step, without an effect and without events. */
export function aBeginCall(step: PlanStep, told: Partial<BeginCall> = {}): BeginCall {
  return {
    step,
    planRevision: 1,
    callNo: 1,
    decision: aDecision(step.id),
    tool: 'test.echo',
    args: { n: 1 },
    idempotencyKey: 'key',
    effect: null,
    events: null,
    ...told,
  };
}

/** The success of a step's first call. */
export function aFinishCall(step: PlanStep, told: Partial<FinishCall> = {}): FinishCall {
  return {
    stepId: step.id,
    callNo: 1,
    observation: anObservation(step.id),
    state: 'succeeded',
    output: { rows: 3 },
    files: [],
    analyses: [],
    eventsBefore: [],
    eventsAfter: [],
    ...told,
  };
}

/** A file that is told apart from others by its name. */
export function aProducedFile(name: string, told: Partial<ProducedFile> = {}): ProducedFile {
  const event = { type: 'artifact.created', data: { name } };
  return { id: randomUUID(), name, mediaType: 'text/plain', sizeBytes: 1, sha256: '0'.repeat(64), event, ...told };
}

/** What a verified goal of `data.report` teaches, told with one event. */
export function aLesson(told: Partial<NewLesson> = {}): NewLesson {
  return {
    episode: {
      id: randomUUID(),
      objective: 'analyse weather.csv',
      task: { name: 'data.report', args: {} },
      outcome: 'verified',
      methods: {},
    },
    tools: [],
    methods: [],
    events: [{ type: 'memory.written', data: {} }],
    ...told,
  };
}
