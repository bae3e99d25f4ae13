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
import { REPORT_CSS } from './report-css';

/** One page that needs nothing else: styles and charts inside, no script, everything from the data escaped. */
export function renderHtml(document: ReportDocument): string {
  const title = `Report on ${plainQuote(document.file)}`;
  const sections = document.sections.map(
    ({ id, title: heading, blocks }) =>
      `<section id="${id}">\n<h2>${escapeHtml(checkWords(heading))}</h2>\n${blocks.map(block).join('\n')}\n</section>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${escapeHtml(title)}</title>
<style>${REPORT_CSS}</style>
</head>
<body>
<header><p class="kicker">Data report</p><h1><q class="file">${escapeHtml(plainQuote(document.file))}</q></h1></header>
<main>
${sections.join('\n')}
</main>
</body>
</html>
`;
}

function block(part: Block): string {
  switch (part.type) {
    case 'paragraph':
      return `<p>${inline(part.text)}</p>`;
    case 'tiles':
      return `<dl class="tiles">${part.tiles
        .map(({ label, text }) => `<div><dt>${escapeHtml(checkWords(label))}</dt><dd>${inline(text)}</dd></div>`)
        .join('')}</dl>`;
    case 'items':
      return `<ul class="items">\n${part.items.map(item).join('\n')}\n</ul>`;
    case 'table':
      return table(part);
    case 'figure':
      return `<figure class="chart" id="${part.chart.id}">\n${part.svg}\n<figcaption>${inline(part.caption)}</figcaption>\n</figure>`;
  }
}

const TONES = { high: 'serious', medium: 'notable', low: 'minor', plain: '' } as const;

function item({ tone, head, body }: Item): string {
  const badge = tone === 'plain' ? '' : `<span class="badge">${TONES[tone]}</span> `;
  return `<li class="${tone}"><p class="head">${badge}${inline(head)}</p><p>${inline(body)}</p></li>`;
}

function table({ head, rows }: Extract<Block, { type: 'table' }>): string {
  const kind = (index: number): string => (head[index]?.isNumber ? ' class="number"' : '');
  const top = head
    .map(
      ({ label, of }, index) =>
        `<th scope="col"${kind(index)}>${inline(of === undefined ? [label] : [label, ' of ', column(of)])}</th>`,
    )
    .join('');
  const body = rows.map(
    (cells) => `<tr>${cells.map((cell, index) => `<td${kind(index)}>${inline(cell)}</td>`).join('')}</tr>`,
  );
  return `<div class="scroll"><table><thead><tr>${top}</tr></thead><tbody>\n${body.join('\n')}\n</tbody></table></div>`;
}

function inline(text: Text): string {
  return text.map(piece).join('');
}

function piece(part: Inline): string {
  if (typeof part === 'string') return escapeHtml(checkWords(part));
  if ('quote' in part) return `<q class="${part.kind}">${escapeHtml(plainQuote(part.quote))}</q>`;
  if ('code' in part) return `<code>${escapeHtml(plainQuote(part.code))}</code>`;
  const { id, value, shown } = part.claim;
  return `<data value="${escapeHtml(String(value))}" data-claim="${id}">${escapeHtml(shown)}</data>`;
}

/** Makes a text harmless between tags and inside of quoted attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
