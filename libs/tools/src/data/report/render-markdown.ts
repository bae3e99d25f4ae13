import {
  type Block,
  checkWords,
  column,
  type Inline,
  type Item,
  plainQuote,
  type ReportDocument,
  type Text,
} from './document';

const TONES = { high: 'Serious', medium: 'Notable', low: 'Minor', plain: '' } as const;

/**
 * The same report for places without a browser. Every number is followed by a comment with its claim, which stays invisible
 * when rendered; names and values out of the data stand in code spans, where no mark-up works.
 */
export function renderMarkdown(document: ReportDocument): string {
  const sections = document.sections.map(
    ({ title, blocks }) => `## ${checkWords(title)}\n\n${blocks.map(block).join('\n\n')}`,
  );
  return `# Report on ${codeSpan(document.file)}\n\n${sections.join('\n\n')}\n`;
}

function block(part: Block): string {
  switch (part.type) {
    case 'paragraph':
      return inline(part.text);
    case 'tiles':
      return part.tiles.map(({ label, text }) => `- ${checkWords(label)}: ${inline(text)}`).join('\n');
    case 'items':
      return part.items.map(item).join('\n');
    case 'table':
      return table(part);
    case 'figure':
      return `![${altText(part.chart.title)}](${part.chart.file})\n\n${inline(part.caption)}`;
  }
}

function item({ tone, head, body }: Item): string {
  const badge = tone === 'plain' ? '' : `_${TONES[tone]}_: `;
  return `- ${badge}**${inline(head)}** ${inline(body)}`;
}

function table({ head, rows }: Extract<Block, { type: 'table' }>): string {
  const cell = (text: string): string => (text === '' ? ' ' : text);
  const lines = [
    `| ${head.map(({ label, of }) => inline(of === undefined ? [label] : [label, ' of ', column(of)], true)).join(' | ')} |`,
    `| ${head.map(({ isNumber }) => (isNumber ? '---:' : '---')).join(' | ')} |`,
    ...rows.map((cells) => `| ${cells.map((text) => cell(inline(text, true))).join(' | ')} |`),
  ];
  return lines.join('\n');
}

function inline(text: Text, isCell = false): string {
  return text.map((part) => piece(part, isCell)).join('');
}

function piece(part: Inline, isCell: boolean): string {
  if (typeof part === 'string') return checkWords(part);
  if ('quote' in part) return codeSpan(part.quote, isCell);
  if ('code' in part) return codeSpan(part.code, isCell);
  return `${part.claim.shown}<!--${part.claim.id}-->`;
}

/** A code span that no back-tick inside can end; in a table a bar must be escaped even there. */
export function codeSpan(text: string, isCell = false): string {
  const line = plainQuote(text).trim();
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  const pad = line.startsWith('`') || line.endsWith('`') || line === '' ? ' ' : '';
  const inner = isCell ? line.replaceAll('|', '\\|') : line;
  return `${fence}${pad}${inner}${pad}${fence}`;
}

function altText(title: string): string {
  return plainQuote(title)
    .replace(/[[\]()<>!\\`*_&|]/g, ' ')
    .trim();
}
