import type { Atom, Condition, Effect, NumericTerm, Typed } from '../pddl/model';
import { toNegationNormalForm } from './normal-form';

/** One unconditional or conditional effect, for all values of `vars`. */
export interface FlatEffect {
  readonly vars: readonly Typed[];
  /** In negation normal form. */
  readonly condition: Condition;
  readonly adds: Atom[];
  readonly deletes: Atom[];
}

export interface FlatEffects {
  readonly effects: FlatEffect[];
  readonly costs: NumericTerm[];
}

/** Splits an effect into its conditional parts; equal contexts share one part. */
export function flattenEffect(effect: Effect): FlatEffects {
  const result: FlatEffects = { effects: [], costs: [] };
  walk(effect, { vars: [], condition: { kind: 'true' }, adds: [], deletes: [] }, result);
  result.effects.splice(
    0,
    result.effects.length,
    ...result.effects.filter((e) => e.adds.length + e.deletes.length > 0),
  );
  return result;
}

function walk(effect: Effect, context: FlatEffect, result: FlatEffects): void {
  if (!result.effects.includes(context)) result.effects.push(context);
  if (effect.kind === 'and') for (const part of effect.parts) walk(part, context, result);
  else if (effect.kind === 'add') context.adds.push(effect.atom);
  else if (effect.kind === 'delete') context.deletes.push(effect.atom);
  else if (effect.kind === 'cost') result.costs.push(effect.by);
  else if (effect.kind === 'forall') {
    walk(effect.of, { ...context, vars: [...context.vars, ...effect.vars], adds: [], deletes: [] }, result);
  } else if (effect.kind === 'when') {
    const parts = [context.condition, toNegationNormalForm(effect.if)];
    walk(effect.then, { ...context, condition: { kind: 'and', parts }, adds: [], deletes: [] }, result);
  }
}
