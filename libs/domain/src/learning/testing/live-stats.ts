import type { MethodStat } from '../../memory/memory';
import { type CountedCall, lessonsOfCalls, type ToolLesson } from '../../memory/tool-lessons';
import type { ToolStat } from '../../selection/selection';
import type { GoalEvidence } from '../evidence';

/** Half-life of a record, milliseconds, and calls that it counts for at most: as in the store's functions. */
const HALF_LIFE_MS = 14 * 86_400_000;
const MOST_CALLS = 30;

interface Sums {
  readonly successes: number;
  readonly failures: number;
}

interface ToolSums extends Sums {
  readonly durationMs: number;
  readonly logMs: number;
  readonly squaredLogMs: number;
  readonly costUsd: number;
}

interface ToolRecord {
  readonly tool: string;
  readonly context: string;
  readonly sums: ToolSums;
  readonly failing: number;
  readonly failedAtMs: number;
  readonly updatedAtMs: number;
}

interface MethodRecord {
  readonly task: string;
  readonly method: string;
  readonly sums: Sums;
  readonly updatedAtMs: number;
}

/**
 * The running records of tools and methods that act at once, before any lesson: what `gk_learn`, `gk_tool_stats` and
 * `gk_method_stats` do in the store, in memory. A record for each tool as a whole and for each tool and context; halved every two
 * weeks; scaled down to thirty calls; where a goal saw what a tool's record makes improbable, that record and those of its rivals go in part. What calls returned is not kept: it decides nothing.
 */
export class LiveRecords {
  private readonly tools = new Map<string, ToolRecord>();
  private readonly methods = new Map<string, MethodRecord>();

  /** Adds what one goal saw. */
  learn(goal: GoalEvidence): void {
    const lessons = toolsIn(goal);
    this.doubt(lessons);
    for (const lesson of lessons) this.learnTool(lesson, goal.atMs);
    for (const { task, method, ...sums } of methodsIn(goal)) {
      const key = `${task}\n${method}`;
      this.methods.set(key, { task, method, ...merged(this.methods.get(key), sums, goal.atMs) });
    }
  }

  /** What goes of the records that a goal makes improbable: those of its tools, and those of their rivals in the same place. */
  private doubt(lessons: readonly ToolLesson[]): void {
    const doubts = lessons.flatMap((lesson) => {
      const keyOf = (tool: string): string => `${tool}\n${lesson.context ?? ''}`;
      const before = this.tools.get(keyOf(lesson.tool));
      const keep = before ? kept(before.sums, lesson) : 1;
      return [lesson.tool, ...(lesson.rivals ?? [])].map((tool) => ({ key: keyOf(tool), keep }));
    });
    for (const { key, keep } of doubts) {
      const record = this.tools.get(key);
      if (record) this.tools.set(key, { ...record, sums: scaled(record.sums, keep) });
    }
  }

  private learnTool({ tool, context = '', ...told }: ToolLesson, atMs: number): void {
    const { successes, failures, durationMs, logMs = 0, squaredLogMs = 0, costUsd = 0, failing = 0, worked } = told;
    const key = `${tool}\n${context}`;
    const before = this.tools.get(key);
    const sums: ToolSums = { successes, failures, durationMs, logMs, squaredLogMs, costUsd };
    this.tools.set(key, {
      tool,
      context,
      ...merged(before, sums, atMs),
      failing: (worked ? 0 : (before?.failing ?? 0)) + failing,
      failedAtMs: failing > 0 ? atMs : (before?.failedAtMs ?? atMs),
    });
  }

  /** Records of tools as of now. */
  toolStats(nowMs: number): ToolStat[] {
    return [...this.tools.values()].map(({ tool, context, sums, failing, failedAtMs, updatedAtMs }) => {
      const left = decay(updatedAtMs, nowMs);
      const calls = Math.max(sums.successes + sums.failures, 1e-9);
      const meanLogMs = sums.logMs / calls;
      return {
        tool,
        ...(context === '' ? {} : { context }),
        successes: sums.successes * left,
        failures: sums.failures * left,
        meanDurationMs: sums.durationMs / calls,
        meanLogMs,
        varLogMs: Math.max(0, sums.squaredLogMs / calls - meanLogMs ** 2),
        meanCostUsd: sums.costUsd / calls,
        ...(failing > 0 ? { failing, failedSecondsAgo: (nowMs - failedAtMs) / 1000 } : {}),
      };
    });
  }

  /** Records of methods as of now. */
  methodStats(nowMs: number): MethodStat[] {
    return [...this.methods.values()].map(({ task, method, sums, updatedAtMs }) => {
      const left = decay(updatedAtMs, nowMs);
      return { task, method, successes: sums.successes * left, failures: sums.failures * left };
    });
  }
}

/** 2^(−time / half-life); times in the wrong order leave all of it. */
function decay(fromMs: number, toMs: number): number {
  return 2 ** (-Math.max(0, toMs - fromMs) / HALF_LIFE_MS);
}

/** Chance, before anything was seen, that a tool is another since its last goal; calls of one goal that are weighed. */
const CHANGE = 0.3;
const MOST_WEIGHED = 50;

/**
 * Part of a record that a goal leaves: 1 − P(the tool is another now), with Beta(1 + s, 1 + f) of the record against Beta(1, 1) of a tool
 * that nothing is known of, as far as that is more than {@link CHANGE}.
 *
 * @see Adams & MacKay, Bayesian Online Changepoint Detection (2007), for one step and the mean over both cases
 */
function kept(before: Sums, added: Sums): number {
  const changed = CHANGE * likelihood(added, { successes: 0, failures: 0 });
  const same = (1 - CHANGE) * likelihood(added, before);
  return 1 - Math.max(0, changed / (changed + same) - CHANGE) / (1 - CHANGE);
}

/** P(these calls in some order) where the chance of success has Beta(1 + s, 1 + f): the urn of Pólya, call by call. */
function likelihood(added: Sums, { successes, failures }: Sums): number {
  const [worked, failed] = [added.successes, added.failures].map((calls) => Math.min(MOST_WEIGHED, Math.round(calls)));
  let [p, good, bad] = [1, 1 + successes, 1 + failures];
  for (let call = 0; call < (worked ?? 0); call += 1, good += 1) p *= good / (good + bad);
  for (let call = 0; call < (failed ?? 0); call += 1, bad += 1) p *= bad / (good + bad);
  return p;
}

function scaled<S extends Sums>(sums: S, by: number): S {
  return Object.fromEntries(Object.entries(sums).map(([name, value]) => [name, Number(value) * by])) as unknown as S;
}

/** Old and new, both brought to the later moment, scaled to the most calls. */
function merged<S extends Sums>(
  before: { readonly sums: S; readonly updatedAtMs: number } | undefined,
  added: S,
  atMs: number,
): { sums: S; updatedAtMs: number } {
  if (!before) return { sums: added, updatedAtMs: atMs };
  const [oldLeft, newLeft] = [decay(before.updatedAtMs, atMs), decay(atMs, before.updatedAtMs)];
  const both = (name: keyof S): number => Number(before.sums[name]) * oldLeft + Number(added[name]) * newLeft;
  const scale = Math.min(1, MOST_CALLS / Math.max(both('successes') + both('failures'), 1e-9));
  const names = Object.keys(added) as (keyof S)[];
  const sums = Object.fromEntries(names.map((name) => [name, both(name) * scale])) as unknown as S;
  return { sums, updatedAtMs: Math.max(before.updatedAtMs, atMs) };
}

/** What the goal's end adds to the records of tools. */
export function toolsIn({ attempts, verified }: GoalEvidence): ToolLesson[] {
  const calls = attempts.map((attempt): CountedCall => ({ ...attempt, replayed: false }));
  return lessonsOfCalls(
    calls,
    verified,
    new Map(attempts.map(({ stepId, context, tools }) => [stepId, { context, tools }])),
  );
}

/** What it adds to those of methods: the ways of its last plan. */
function methodsIn({ choices, verified }: GoalEvidence): (Sums & { task: string; method: string })[] {
  return choices
    .filter(({ worked }) => worked === verified)
    .map(({ task, method }) => ({ task, method, successes: Number(verified), failures: Number(!verified) }));
}
