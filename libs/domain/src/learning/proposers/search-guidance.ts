import { type GoalEvidence, groupBy, rounded, sortedUnique } from '../evidence';
import type { Proposer } from './proposer';

/** What the model counts; a reader that does not know the format leaves the model alone. */
export const GUIDANCE_FORMAT = 'relational-counts-1';
const LEAST_GOALS = 4;

/**
 * Relational counts of verified plans of one pack: for two steps in a row that share an argument, how often the second operator
 * followed the first, against all that followed it; as log odds over chance with one pseudo-count. It orders a search, never
 * prunes it.
 */
export const searchGuidance: Proposer<'search_guidance'> = {
  kind: 'search_guidance',
  propose(evidence) {
    const groups = groupBy(
      evidence.filter(({ verified, steps }) => verified && steps.length > 1),
      ({ pack }) => pack,
    );
    return [...groups].flatMap(([domain, goals]) => {
      if (goals.length < LEAST_GOALS) return [];
      const model = { format: GUIDANCE_FORMAT, weights: weightsOf(goals) };
      return {
        kind: 'search_guidance' as const,
        key: domain,
        body: { domain, model },
        tasks: sortedUnique(goals.map(({ task }) => task)),
        sources: sortedUnique(goals.map(({ goalId }) => goalId)),
        versions: {},
      };
    });
  },
  concerns: ({ body }, goal) => goal.pack === body.domain,
  agrees({ body }, goal) {
    const pairs = goal.pack === body.domain && goal.verified ? pairsOf(goal) : [];
    if (pairs.length === 0) return null;
    const weights = (body.model['weights'] ?? {}) as Readonly<Record<string, number>>;
    return pairs.filter((pair) => (weights[pair] ?? 0) > 0).length * 2 >= pairs.length;
  },
};

/** Neighbouring steps that share an argument, as `first>second`. */
function pairsOf({ steps }: GoalEvidence): string[] {
  return steps.slice(1).flatMap((step, index) => {
    const before = steps[index];
    if (!before) return [];
    const theirs = new Set(Object.values(before.args).map((value) => JSON.stringify(value)));
    const shares = Object.values(step.args).some((value) => theirs.has(JSON.stringify(value)));
    return shares ? [`${before.operator}>${step.operator}`] : [];
  });
}

function weightsOf(goals: readonly GoalEvidence[]): Record<string, number> {
  const pairs = goals.flatMap((goal) => [...new Set(pairsOf(goal))]);
  const counts = groupBy(pairs, (pair) => pair);
  const fromFirst = groupBy(pairs, (pair) => pair.split('>')[0] ?? '');
  const operators = new Set(goals.flatMap(({ steps }) => steps.map(({ operator }) => operator))).size;
  return Object.fromEntries(
    [...counts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([pair, seen]) => {
        const all = fromFirst.get(pair.split('>')[0] ?? '')?.length ?? 0;
        const share = (seen.length + 1) / (all + operators);
        return [pair, rounded(Math.log(share * operators))];
      }),
  );
}
