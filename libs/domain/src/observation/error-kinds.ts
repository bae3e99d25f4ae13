import { mineTemplates, signatureOf } from './error-template';
import type { ErrorClass, NextMove } from './observation';

/** A failed call and what was done about it. */
export interface SeenError {
  readonly tool: string;
  readonly error: ErrorClass;
  /** The move that followed; null when nobody judged the call. */
  readonly move: NextMove | null;
  /** Whether the step's next call worked (after a new plan: whether the goal was verified). */
  readonly helped: boolean;
}

/** One kind of error of one tool, with what was done about it and how often that helped. */
export interface ErrorKind {
  /** Hash of code and template. */
  readonly signature: string;
  readonly template: string;
  readonly tool: string;
  readonly code: string;
  readonly kind: ErrorClass['kind'];
  readonly duration: ErrorClass['duration'];
  readonly seen: number;
  readonly recoveries: readonly { readonly move: NextMove; readonly successes: number; readonly failures: number }[];
}

/**
 * Errors by kind: of one tool, one class and code, and one template mined from their texts. Most frequent first; of each, the
 * moves that followed, the one that helped most often first.
 */
export function errorKinds(errors: readonly SeenError[]): ErrorKind[] {
  const groups = new Map<string, SeenError[]>();
  for (const one of errors) {
    const { kind, duration, code } = one.error;
    const key = [one.tool, kind, duration, code].join(' ');
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()]
    .flatMap((group) =>
      mineTemplates(group.map(({ error }) => error.message)).map(({ template, texts }) =>
        kindOf(
          template,
          texts.flatMap((place) => group[place] ?? []),
        ),
      ),
    )
    .sort((one, other) => other.seen - one.seen || (one.signature < other.signature ? -1 : 1));
}

function kindOf(template: string, group: readonly SeenError[]): ErrorKind {
  const [first] = group;
  if (!first) throw new Error('errorKinds: a template has texts');
  const { kind, duration, code } = first.error;
  const moves = [...new Set(group.flatMap(({ move }) => move ?? []))];
  const recoveries = moves.map((move) => {
    const own = group.filter((one) => one.move === move);
    const successes = own.filter(({ helped }) => helped).length;
    return { move, successes, failures: own.length - successes };
  });
  recoveries.sort((one, other) => other.successes - one.successes || (one.move < other.move ? -1 : 1));
  const signature = signatureOf(code, template).id;
  return { signature, template, tool: first.tool, code, kind, duration, seen: group.length, recoveries };
}
