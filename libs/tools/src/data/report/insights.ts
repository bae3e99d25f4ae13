import { findingLimit } from '../aggregate/significance';
import type { Item, Text } from './document';
import { dominanceInsight, groupInsight, type Insight, pairInsight, seriesInsight, tailInsight } from './insight-kinds';
import type { ReportInput } from './report-input';

const MOST = 7;
const MOST_OF_A_KIND = 3;
const MOST_PAIRS = 5;

/** What stands out, strongest first: differences between groups, courses, relations, dominance and lopsided spreads. */
export function insightItems(input: ReportInput): Item[] {
  return chooseInsights(input).map((insight) => ({
    tone: 'plain',
    head: insight.head,
    body: insight.body(input.book),
  }));
}

/** The point of the strongest insight, without numbers; null when nothing stands out. */
export function strongestPoint(input: ReportInput): Text | null {
  return chooseInsights(input).find(({ score }) => score > 0)?.head ?? null;
}

function chooseInsights({ aggregates, profile }: ReportInput): Insight[] {
  const limit = findingLimit(aggregates.tests ?? []);
  const all: Insight[] = [
    ...aggregates.groupings.flatMap((grouping) =>
      groupInsight(grouping, profile.rows, { asked: aggregates.by, limit }),
    ),
    ...aggregates.series.flatMap((series) => seriesInsight(series, limit)),
    ...aggregates.correlations.slice(0, MOST_PAIRS).flatMap((pair) => pairInsight(pair, limit)),
    ...profile.columns.flatMap((one) => dominanceInsight(one, profile.rows)),
    ...profile.columns.flatMap((one) => tailInsight(one)),
  ];
  const ranked = all.toSorted((a, b) => b.score - a.score);
  // The best of each kind comes before the second of any, so that one kind does not crowd out the others.
  const places = new Map(
    ranked.map((insight) => [insight, ranked.filter(({ kind }) => kind === insight.kind).indexOf(insight)]),
  );
  const place = (insight: Insight): number => places.get(insight) ?? 0;
  const chosen: Insight[] = [];
  for (const insight of ranked.toSorted((a, b) => place(a) - place(b) || b.score - a.score)) {
    const isNew = !chosen.some(({ about }) => about === insight.about);
    if (isNew && chosen.length < MOST && place(insight) < MOST_OF_A_KIND) chosen.push(insight);
  }
  return chosen.sort((a, b) => b.score - a.score);
}
