import { plural } from '../counting';
import { NoPlanError } from '../errors';
import { canonicalJson } from '../json';
import { failureFact } from './failure-fact';
import { repairPddl } from './pddl-pack/repair-pddl';
import type { Avoidance, Fact, MethodChoice, Plan, PlanFault, PlanStep } from './plan';
import { findTask, planWith, taughtPddl, type PlanInput } from './plan-goal';
import { noWayLeft } from './no-way-left';
import { redoPlan } from './redo-plan';
import { factKey, nextState, stateDigest, stateOf } from './state';
import { sourcesIn } from './terms';

export interface RepairInput extends Omit<PlanInput, 'request'> {
  readonly plan: Plan;
  /** Ids of the steps that succeeded. */
  readonly succeeded: readonly string[];
  /** What failed since this revision was made; earlier faults are remembered in the plan. */
  readonly faults: readonly PlanFault[];
  /** What observation left and took away of facts so far; goals over planning domains are replanned from these. */
  readonly observed?: { readonly facts: readonly Fact[]; readonly denied: readonly Fact[] };
}

/**
 * The next revision: works around steps that failed for good. Steps that succeeded and are still wanted with the same
 * arguments keep their ids; choices that had nothing to do with the failure stay as they were. Tried in this order:
 * another way at the nearest task above the failed step that has one, then further up; then another way of making what
 * the step worked on. Where a fact was lost that a finished
 * step had given, that step is done again first. Neither the failed choice nor the failed action in the same state comes back in a
 * later revision.
 *
 * @param input `facts` are those of the start, as for `planTask`; effects of steps are replayed from the plan
 * @throws {NoPlanError} `details.faults` when nothing is left to try
 */
export function repairPlan(input: RepairInput): Plan {
  const { plan, faults } = input;
  const { pack, task } = findTask(input.packs, plan.task.name);
  if (pack.pddl) {
    const { succeeded, observed = { facts: [], denied: [] } } = input;
    const asked = { pack, source: pack.pddl, task, request: plan.task };
    return taughtPddl(input, asked, (planning) => repairPddl({ ...planning, plan, faults, succeeded, observed }));
  }
  const redone = redoPlan(input);
  if (redone) return redone;
  const failed = faults.flatMap((fault) => {
    const step = plan.steps.find((candidate) => candidate.id === fault.stepId);
    return step ? [{ fault, step }] : [];
  });
  if (failed.length === 0) throw nothingToRepair(plan, faults);
  const base = grow(input, failed);
  let last: NoPlanError | null = null;
  for (const choice of waysOut(
    plan,
    failed.map(({ step }) => step),
  )) {
    const avoids = { ...base, choices: [...base.choices, choice] };
    const revision = attempt(input, avoids, failed);
    if (!(revision instanceof NoPlanError)) return revision;
    last = revision;
  }
  throw exhausted(plan, faults, last);
}

/** What two revisions have in common, by step id. */
export function diffPlans(before: Plan, after: Plan): { kept: string[]; added: string[]; removed: string[] } {
  const old = new Set(before.steps.map((step) => step.id));
  const now = new Set(after.steps.map((step) => step.id));
  return {
    kept: [...now].filter((id) => old.has(id)),
    added: [...now].filter((id) => !old.has(id)),
    removed: [...old].filter((id) => !now.has(id)),
  };
}

interface Failed {
  readonly fault: PlanFault;
  readonly step: PlanStep;
}

function grow(input: RepairInput, failed: readonly Failed[]): Avoidance {
  const { plan } = input;
  const known = plan.avoids ?? { choices: [], actions: [], facts: [], retired: [] };
  const facts = new Map(
    [...known.facts, ...failed.map(({ step, fault }) => failureFact(step.operator, fault.code))].map((f) => [
      factKey(f),
      f,
    ]),
  );
  const actions = failed.map(({ step }) => ({
    operator: step.operator,
    args: step.args,
    state: stateBefore(input, step),
  }));
  return {
    choices: known.choices,
    actions: [...known.actions, ...actions],
    facts: [...facts.values()],
    // Rows and effects of these carry their ids; steps that never ran keep theirs.
    retired: [...new Set([...known.retired, ...input.succeeded, ...failed.map(({ step }) => step.id)])],
  };
}

/** Digest of the state in which the plan meant this step to run. */
function stateBefore({ plan, facts }: RepairInput, step: PlanStep): string {
  let state = stateOf(facts ?? []);
  for (const earlier of plan.steps.slice(0, plan.steps.indexOf(step)))
    state = nextState(state, earlier.adds, earlier.deletes);
  return stateDigest(state);
}

/** Choices to give up, the most local first: those above the failed steps, then those that made what they worked on. */
function waysOut(plan: Plan, failed: readonly PlanStep[]): MethodChoice[] {
  const above = failed.flatMap((step) => ancestors(plan, step));
  const makers = failed.flatMap((step) => producers(plan, step)).flatMap((step) => ancestors(plan, step));
  return [...new Set([...above, ...makers])];
}

/** The choices that led to a step, nearest first. */
function ancestors(plan: Plan, step: PlanStep): MethodChoice[] {
  return plan.choices
    .filter((choice) => step.lineage.startsWith(`${choice.lineage}:${choice.method}/`))
    .sort((a, b) => b.lineage.length - a.lineage.length);
}

/** Steps whose results or facts a step used, nearest first, and theirs. */
function producers(plan: Plan, step: PlanStep): PlanStep[] {
  const found = new Set<string>();
  const queue = [step.id];
  for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
    const current = plan.steps.find((candidate) => candidate.id === id);
    const linked = plan.links.flatMap((link) => (link.to === id && link.from !== null ? [link.from] : []));
    for (const source of [...(current ? sourcesIn(current.args) : []), ...linked]) {
      if (!found.has(source)) queue.push(source);
      found.add(source);
    }
  }
  return [...found].flatMap((id) => plan.steps.find((candidate) => candidate.id === id) ?? []);
}

function attempt(input: RepairInput, avoids: Avoidance, failed: readonly Failed[]): Plan | NoPlanError {
  const preferred = new Map(input.plan.choices.map((choice) => [choice.lineage, choice.method]));
  try {
    const revision = planWith(
      { ...input, request: input.plan.task },
      { plan: input.plan, avoids, preferred, reason: '' },
    );
    const again = revision.steps.find((step) => failed.some((other) => isSameAction(step, other.step)));
    if (again) return new NoPlanError(`"${again.label}" would be tried again as it failed`, {});
    return withReason(revision, input, failed);
  } catch (error) {
    if (error instanceof NoPlanError) return error;
    throw error;
  }
}

function isSameAction(a: PlanStep, b: PlanStep): boolean {
  // Actions without references are compared by the search itself, together with their state.
  return sourcesIn(b.args).length > 0 && a.operator === b.operator && canonicalJson(a.args) === canonicalJson(b.args);
}

function withReason(revision: Plan, input: RepairInput, failed: readonly Failed[]): Plan {
  const before = new Map(input.plan.choices.map((choice) => [choice.lineage, choice.method]));
  const changed = revision.choices.flatMap((choice) => {
    const old = before.get(choice.lineage);
    return old !== undefined && old !== choice.method
      ? [`${choice.task} by "${choice.method}" instead of "${old}"`]
      : [];
  });
  const what = failed.map(({ step, fault }) => `"${step.label}" (${fault.code}: ${fault.message})`).join(', ');
  const kept = diffPlans(input.plan, revision).kept.filter((id) => input.succeeded.includes(id)).length;
  const how = changed.length > 0 ? `: ${changed.join(', ')}` : '';
  const retired = (revision.avoids?.retired ?? []).filter((id) => !revision.steps.some((step) => step.id === id));
  return {
    ...revision,
    reason: `repairs ${what}${how}; ${plural(kept, 'finished step is', 'finished steps are')} kept`,
    ...(revision.avoids ? { avoids: { ...revision.avoids, retired } } : {}),
  };
}

function nothingToRepair(plan: Plan, faults: readonly PlanFault[]): NoPlanError {
  const ids = faults.map((fault) => fault.stepId);
  return new NoPlanError(
    `Nothing to repair: no fault belongs to a step of revision ${plan.revision}`,
    { task: plan.task.name, reason: 'no_fault', faults: ids },
    'Pass the faults of this revision.',
  );
}

function exhausted(plan: Plan, faults: readonly PlanFault[], last: NoPlanError | null): NoPlanError {
  const { reason = 'unsolvable', obstacles = [] } = last?.details ?? {};
  return noWayLeft(plan, faults, { reason, obstacles });
}
