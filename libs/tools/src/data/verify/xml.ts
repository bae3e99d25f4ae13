export interface XmlCheck {
  /** What is wrong; null for a well-formed document with one root. */
  readonly problem: string | null;
  readonly root: string;
  /** Drawn shapes inside of groups of marks, apart from those of axes, legends and titles. */
  readonly marks: number;
  /** Elements and attributes that can run something or reach out. */
  readonly active: readonly string[];
}

const TOKEN =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[[\s\S]*?\]\]>|<!DOCTYPE[^>]*>|<(\/?)([A-Za-z_][\w:.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|<|[^<]+/g;
const BAD_ENTITY = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);)/;
const SHAPES = new Set(['path', 'rect', 'circle', 'line', 'polygon']);

/** Reads an XML text once: whether tags nest, attributes are quoted and entities known, and what a chart has drawn. */
export function checkXml(text: string): XmlCheck {
  const open: { name: string; classes: string }[] = [];
  const active: string[] = [];
  let root = '';
  let marks = 0;
  const fail = (problem: string): XmlCheck => ({ problem, root, marks, active });
  for (const match of text.matchAll(TOKEN)) {
    const [token, closing, name, attributes = '', selfClosing] = match;
    if (name === undefined) {
      if (token === '<') return fail('a "<" begins no tag');
      if (!token.startsWith('<') && BAD_ENTITY.test(token)) return fail('an "&" begins no entity');
      if (!token.startsWith('<') && open.length === 0 && token.trim() !== '')
        return fail('there is text outside of the root');
      continue;
    }
    if (BAD_ENTITY.test(attributes)) return fail(`an attribute of <${name}> has a bare "&"`);
    if (closing) {
      const last = open.pop();
      if (last?.name !== name) return fail(`</${name}> closes <${last?.name ?? 'nothing'}>`);
      continue;
    }
    if (open.length === 0 && root !== '') return fail('there is more than one root');
    if (root === '') root = name;
    if (/^(script|foreignObject|iframe|object|embed|image|use)$/i.test(name)) active.push(name);
    if (/\son\w+\s*=|javascript:|(?:href|src)\s*=\s*["'](?!#)/i.test(attributes))
      active.push(`${name}${attributes.slice(0, 40)}`);
    if (SHAPES.has(name) && isMark(open)) marks += 1;
    if (!selfClosing) open.push({ name, classes: /class\s*=\s*["']([^"']*)/.exec(attributes)?.[1] ?? '' });
  }
  if (root === '') return fail('there is no element');
  return open.length > 0
    ? fail(`<${open.at(-1)?.name ?? ''}> is never closed`)
    : { problem: null, root, marks, active };
}

function isMark(open: readonly { classes: string }[]): boolean {
  const classes = open.at(-1)?.classes ?? '';
  const isGroup = /\brole-mark\b/.test(classes) && /\bmark-(symbol|rect|bar|arc)\b/.test(classes);
  return isGroup && !open.some((element) => /role-(axis|legend|title)/.test(element.classes));
}
