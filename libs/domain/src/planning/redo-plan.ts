import { plural } from '../counting';
import { NoPlanError } from '../errors';
import type { Avoidance, Fact, Plan, PlanFault, PlanStep } from './plan';
import { planWith } from './plan-goal';
import type { RepairInput } from './repair-plan';
import { factKey, factText } from './state';

interface Lost {
  readonly maker: PlanStep;
  readonly fact: Fact;
}

/**
 * The next revision where observation contradicted what finished steps had given: those steps are done again, with all that takes its
 * data from them; everything else stays as it is, finished steps included.
 *
 * @returns null when that is no way out: another kind of fault, facts that no finished step gave, or a step that was done again for
 *   the same fact before
 */
export function redoPlan(input: RepairInput): Plan | null {
  const { plan, faults } = input;
  const lost = lostBy(input);
  if (!lost) return null;
  const known: Avoidance = plan.avoids ?? { choices: [], actions: [], facts: [], retired: [] };
  const before = new Set(known.redone?.map(({ key }) => key));
  const redone = lost.map(({ maker, fact }) => ({ stepId: maker.id, key: `${maker.lineage} ${factKey(fact)}` }));
  if (redone.some(({ key }) => before.has(key))) return null;
  const ids = [...new Set(redone.map(({ stepId }) => stepId))];
  const avoids: Avoidance = {
    ...known,
    retired: [...new Set([...known.retired, ...input.succeeded])], // a step that takes other data is another one
    redone: [...(known.redone ?? []), ...redone],
  };
  const preferred = new Map(plan.choices.map((choice) => [choice.lineage, choice.method]));
  try {
    const inherits = { plan, avoids, preferred, reason: '', redo: ids };
    const revision = planWith({ ...input, request: plan.task }, inherits);
    const now = new Set(revision.steps.map(({ id }) => id));
    const retired = avoids.retired.filter((id) => !now.has(id));
    const kept = input.succeeded.filter((id) => now.has(id)).length;
    const steps = waitingFor(revision.steps, new Set(input.succeeded));
    return { ...revision, steps, avoids: { ...avoids, retired }, reason: reasonOf(lost, faults, kept) };
  } catch (error) {
    if (error instanceof NoPlanError) return null;
    throw error;
  }
}

/**
 * Steps with the open ones named that they come after through finished ones: a step done again may come before a finished one, and
 * whoever follows both would otherwise wait for the finished one alone.
 */
function waitingFor(steps: readonly PlanStep[], done: ReadonlySet<string>): PlanStep[] {
  const afterOf = new Map(steps.map(({ id, after }) => [id, after]));
  const known = new Map<string, readonly string[]>();
  const openBefore = (id: string): readonly string[] => {
    const open =
      known.get(id) ?? (afterOf.get(id) ?? []).flatMap((other) => (done.has(other) ? openBefore(other) : [other]));
    known.set(id, [...new Set(open)]);
    return open;
  };
  return steps.map((step) => {
    const more = done.has(step.id) ? [] : openBefore(step.id);
    return { ...step, after: [...new Set([...step.after, ...more])] };
  });
}

function lostBy({ plan, faults, succeeded }: RepairInput): readonly Lost[] | null {
  const done = new Set(succeeded);
  const lost: Lost[] = [];
  for (const { contradicts = [] } of faults) {
    if (contradicts.length === 0) return null;
    for (const fact of contradicts) {
      const key = factKey(fact);
      const maker = plan.steps.findLast(({ id, adds }) => done.has(id) && adds.some((added) => factKey(added) === key));
      if (!maker) return null;
      if (!lost.some((one) => one.maker === maker && factKey(one.fact) === key)) lost.push({ maker, fact });
    }
  }
  return lost.length > 0 ? lost : null;
}

function reasonOf(lost: readonly Lost[], faults: readonly PlanFault[], kept: number): string {
  const facts = [...new Set(lost.map(({ fact }) => factText(fact)))].join(', ');
  const makers = [...new Set(lost.map(({ maker }) => `"${maker.label}"`))].join(', ');
  const codes = [...new Set(faults.map(({ code }) => code))].join(', ');
  const finished = plural(kept, 'finished step is', 'finished steps are');
  return `repairs ${facts}, which no longer holds (${codes}): ${makers} again; ${finished} kept`;
}
