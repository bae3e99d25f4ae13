import type { Evidence, JsonObject } from '@goalkeeper/domain';
import { type LocalRoom } from '../../data/testing/local-room';
import type { ArtifactRef, ToolDefinition, TransactionQuery } from '../../definition';
import { runTool, type ToolRun } from '../../registry/run-tool';
import { researchDraft } from '../draft/draft.tool';
import { researchGather, researchGatherLenient } from '../gather/gather.tool';
import type { Answer } from '../model';
import { researchReview } from '../review/review.tool';
import { answerIsQuoted } from '../verify/answer-is-quoted';

export interface ResearchRun {
  readonly outputs: Record<string, JsonObject>;
  readonly produced: readonly ArtifactRef[];
  readonly answer: Answer;
  readonly html: string;
  readonly markdown: string;
}

export interface Asked {
  readonly question: string;
  readonly sources: readonly string[];
  readonly kind?: 'answer' | 'document';
  readonly lenient?: boolean;
}

/** A goal in the store, and its connection. */
export interface ResearchGoal {
  readonly tenantId: string;
  readonly goalId: string;
  readonly query: TransactionQuery;
}

/** Calls one research tool. */
export function call(room: LocalRoom, goal: ResearchGoal, tool: ToolDefinition, args: JsonObject): Promise<ToolRun> {
  const key = `${tool.name} ${JSON.stringify(args)}`;
  return runTool(tool, args, { ...room.context, ...goal, stepId: tool.name, idempotencyKey: key });
}

/** Runs the whole plan as the research pack does: gather, draft, review. */
export async function runResearch(room: LocalRoom, goal: ResearchGoal, asked: Asked): Promise<ResearchRun> {
  const produced: ArtifactRef[] = [];
  const step = async (tool: ToolDefinition, args: JsonObject): Promise<JsonObject> => {
    const run = await call(room, goal, tool, args);
    if (!run.ok || !run.output) throw new Error(`${run.error?.code ?? ''}: ${run.error?.message ?? ''}`);
    produced.push(...run.artifacts);
    return run.output;
  };
  const { question, sources, kind = 'answer', lenient = false } = asked;
  const gather = await step(lenient ? researchGatherLenient : researchGather, { question, sources: [...sources] });
  const draft = await step(researchDraft, { gathering: gather.gathering ?? null, kind });
  const review = await step(researchReview, { json: draft.json ?? null });
  const text = (ref: unknown): string => room.read(ref as ArtifactRef).toString('utf8');
  return {
    outputs: { gather, draft, review },
    produced,
    answer: JSON.parse(text(draft.json)) as Answer,
    html: text(draft.html),
    markdown: text(draft.markdown),
  };
}

/** Verifies a run as its goal would. */
export function verifyResearch(
  room: LocalRoom,
  run: Pick<ResearchRun, 'outputs' | 'produced'>,
  args: JsonObject,
): Promise<readonly Evidence[]> {
  const predicate = { name: 'research.answer_is_quoted', summary: 'the answer is quoted', args };
  return answerIsQuoted.verify(predicate, room.verifierContext(run.outputs, run.produced));
}
