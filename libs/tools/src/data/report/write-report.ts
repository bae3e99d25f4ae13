import { answerSection } from './answer-section';
import { columnsSection } from './columns-section';
import { distrustSection } from './distrust-section';
import type { ReportDocument, Section } from './document';
import { insightItems, strongestPoint } from './insights';
import { methodSection } from './method-section';
import type { ReportInput } from './report-input';
import { summarySection } from './summary-section';

/** Writes the whole report; its claims are in `input.book` afterwards, in the order of the page. */
export function writeReport(input: ReportInput): ReportDocument {
  // Claims are numbered in the order of the page. The summary takes the point of the strongest insight, not its numbers.
  const answer = answerSection(input);
  const summary = summarySection(input, strongestPoint(input));
  const sections = [
    ...(answer ? [answer] : []),
    summary,
    insightsSection(input),
    distrustSection(input),
    ...chartsSection(input),
    columnsSection(input),
    methodSection(input),
  ];
  return { file: input.opened.source.name, sections };
}

function insightsSection(input: ReportInput): Section {
  const items = insightItems(input);
  const nothing =
    'No difference between groups, no course over time and no relation between columns is strong enough to be told.';
  return {
    id: 'insights',
    title: 'What stands out',
    blocks: items.length > 0 ? [{ type: 'items', items }] : [{ type: 'paragraph', text: [nothing] }],
  };
}

function chartsSection({ charts, svgs }: ReportInput): Section[] {
  if (charts.length === 0) return [];
  const blocks = charts.map(
    (chart) => ({ type: 'figure', chart, svg: svgs.get(chart.file) ?? '', caption: [chart.caption] }) as const,
  );
  return [{ id: 'charts', title: 'Charts', blocks }];
}
