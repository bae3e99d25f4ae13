import { ANSWER_WITHIN_MS, findCycle, type Goal } from '@goalkeeper/domain';
import { parsePublicId, toPublicId, type CreateGoalRequest } from '@goalkeeper/contracts';
import { GoalRepository, newId, type EntityManager, type GoalRecord } from '@goalkeeper/persistence';
import { ApiProblem } from '../http/api-problem';

/** From here on a time has no RFC 3339 form; a zone west of Greenwich reaches it with a year of four digits. */
const YEAR_10000_MS = Date.UTC(10_000, 0);

/** What a goal that says nothing gives people to answer. */
const DEFAULT_ANSWER_SECONDS = ANSWER_WITHIN_MS / 1000;

/**
 * The goal that a request asks for, with a new id.
 *
 * @throws {ApiProblem} when the deadline is over or cannot be kept, or an id cannot be one
 */
export function newGoal(body: CreateGoalRequest, tenantId: string, nowMs: number): Goal {
  const deadlineMs = body.deadline === undefined ? null : Date.parse(body.deadline);
  if (deadlineMs !== null && deadlineMs <= nowMs) throw badDeadline('The deadline is over', 'must lie ahead');
  if (deadlineMs !== null && deadlineMs >= YEAR_10000_MS)
    throw badDeadline('The deadline lies behind the year 9999', 'must lie before the year 10000 in UTC');
  return {
    id: newId(),
    tenantId,
    objective: body.objective ?? '',
    task: body.task ?? null,
    priority: body.priority,
    deadlineMs,
    maxSteps: body.maxSteps,
    parallelism: body.parallelism,
    dependsOn: [...new Set(body.dependsOn)].map((id) => parsePublicId('goal', id) ?? id),
    dependencyPolicy: body.dependencyPolicy,
    ...(body.mayAsk ? {} : { mayAsk: false }),
    ...(body.answerWithinSeconds === DEFAULT_ANSWER_SECONDS ? {} : { answerWithinMs: body.answerWithinSeconds * 1000 }),
  };
}

function badDeadline(detail: string, message: string): ApiProblem {
  return new ApiProblem('request.invalid', { detail, errors: [{ pointer: '/deadline', message }] });
}

/**
 * Refuses goals that could never start: what they wait for must exist, in the same tenant, and not wait in a circle.
 *
 * @throws {ApiProblem} `dependency.unknown` naming the ids, `dependency.circular` naming the circle's members in order
 */
export async function checkDependencies(tx: EntityManager, goal: Goal): Promise<void> {
  if (goal.dependsOn.length === 0) return;
  const goals = new GoalRepository(tx);
  const known = new Set((await goals.dependencies(goal.dependsOn)).map(({ id }) => id));
  const unknown = goal.dependsOn.flatMap((id, index) => (known.has(id) ? [] : [{ id: toPublicId('goal', id), index }]));
  if (unknown.length > 0)
    throw new ApiProblem('dependency.unknown', {
      detail: `There is no goal ${unknown.map(({ id }) => id).join(', ')}`,
      errors: unknown.map(({ id, index }) => ({ pointer: `/dependsOn/${index}`, message: `there is no goal ${id}` })),
    });
  const edges = new Map<string, string[]>();
  for (const { goalId, dependsOn } of await goals.dependencyEdges(goal.dependsOn))
    edges.set(goalId, [...(edges.get(goalId) ?? []), dependsOn]);
  const circle = findCycle(goal.id, goal.dependsOn, edges)?.map((id) => toPublicId('goal', id));
  if (circle)
    throw new ApiProblem('dependency.circular', {
      detail: `These goals wait for each other: ${circle.join(' → ')}`,
      errors: circle.slice(0, -1).map((id) => ({ pointer: '/dependsOn', message: `${id} is a member of the circle` })),
    });
}

/** A goal as it is stored by its acceptance, without asking the database again. */
export function asAccepted(goal: Goal, at: Date, eventSeq: number): GoalRecord {
  return {
    goal,
    state: 'queued',
    failure: null,
    verified: false,
    meant: null,
    progress: 0,
    callsMade: 0,
    planRevision: 0,
    eventSeq,
    createdAt: at,
    startedAt: null,
    finishedAt: null,
    updatedAt: at,
    result: null,
    children: [],
  };
}
