import type { Fact } from '../pack';
import type { Plan, PlanStep, Surprise } from '../plan';
import { factKey } from '../state';

/** What is left of a plan when tasks that were begun are to be done in another way. */
export interface GivenUp {
  /** Lineages of the tasks that stand open again. */
  readonly reopened: ReadonlySet<string>;
  readonly isBelow: (step: PlanStep) => boolean;
}

/**
 * Tasks above the failed steps to do in another way, nearest first; then all that the problem asks for. Of long chains, as recursion
 * makes them, ever fewer are tried: the first, second, fourth, eighth …
 */
export function* tasksToGiveUp(plan: Plan, failed: readonly PlanStep[]): Iterable<GivenUp> {
  const root = plan.task.name;
  const chains = failed.map(({ lineage }) =>
    plan.choices
      .filter((choice) => choice.lineage !== root && lineage.startsWith(`${choice.lineage}:${choice.method}/`))
      .map((choice) => choice.lineage)
      .sort((a, b) => b.length - a.length),
  );
  const longest = Math.max(0, ...chains.map(({ length }) => length));
  for (let level = 1; level < longest * 2; level *= 2) {
    const at = Math.min(level, longest) - 1;
    yield below(chains.flatMap((chain) => chain[Math.min(at, chain.length - 1)] ?? []));
  }
  const whole = plan.choices.find(({ lineage }) => lineage === root);
  const prefix = `${root}:${whole?.method ?? ''}/`;
  yield below(
    plan.choices.flatMap(({ lineage }) =>
      lineage.startsWith(prefix) && !lineage.slice(prefix.length).includes('/') ? [lineage] : [],
    ),
  );
}

function below(lineages: readonly string[]): GivenUp {
  return {
    reopened: new Set(lineages),
    isBelow: ({ lineage }) => lineages.some((one) => lineage.startsWith(`${one}:`)),
  };
}

/**
 * What was observed and what steps did that are done but have no place in the plan any more, as changes that happened by
 * themselves: the world is as it was left, and nothing that was done is taken back.
 *
 * @param done in the order of the plan
 */
export function withoutPlace(
  done: readonly PlanStep[],
  surprises: readonly Surprise[],
  isBelow: (step: PlanStep) => boolean,
): Surprise[] {
  const told: Surprise[] = [];
  const open = [...surprises];
  const after: string[] = [];
  let count = 0;
  const tell = (adds: readonly Fact[], deletes: readonly Fact[]): void => {
    const last = told.at(-1);
    if (last?.after.length !== after.length) told.push({ after: [...after], adds, deletes });
    else told[told.length - 1] = { ...last, ...merged(last, { adds, deletes }) };
  };
  const tellObserved = (): void => {
    for (let next = open[0]; next !== undefined && next.after.length <= count; next = open[0]) {
      open.shift();
      tell(next.adds, next.deletes);
    }
  };
  for (const step of done) {
    tellObserved();
    if (isBelow(step)) tell(step.adds, step.deletes);
    else after.push(step.id);
    count += 1;
  }
  tellObserved();
  return told.filter(({ adds, deletes }) => adds.length + deletes.length > 0);
}

/** Two changes, one after the other, as one; where a change both adds and deletes a fact, it holds afterwards. */
function merged(first: Pick<Surprise, 'adds' | 'deletes'>, next: Pick<Surprise, 'adds' | 'deletes'>) {
  const keys = (facts: readonly Fact[]): Set<string> => new Set(facts.map(factKey));
  const [added, deleted] = [keys(next.adds), keys(next.deletes)];
  const without = (facts: readonly Fact[], gone: ReadonlySet<string>) => facts.filter((one) => !gone.has(factKey(one)));
  return {
    adds: [...without(first.adds, deleted), ...next.adds],
    deletes: [...without(first.deletes, added), ...next.deletes],
  };
}
