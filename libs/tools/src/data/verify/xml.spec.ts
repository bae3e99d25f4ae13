import { checkXml } from './xml';

const svg = (inner: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg"><g class="mark-rect role-mark marks">${inner}</g></svg>`;

it('counts the shapes of marks and no others', () => {
  const axis = '<g class="mark-group role-axis"><g class="mark-rule role-axis-grid"><line x1="0"/></g></g>';
  const text = `<svg>${axis}<g class="mark-symbol role-mark"><path d="M0,0"/><path d="M1,1"/></g><g class="mark-line role-mark"><path d="M"/></g></svg>`;
  expect(checkXml(text)).toMatchObject({ problem: null, root: 'svg', marks: 2, active: [] });
});

it.each([
  ['<svg><g></svg>', '</svg> closes <g>'],
  ['<svg>', '<svg> is never closed'],
  ['<svg/><svg/>', 'there is more than one root'],
  ['<svg>a & b</svg>', 'an "&" begins no entity'],
  ['<svg a="x & y"/>', 'an attribute of <svg> has a bare "&"'],
  ['<svg a=1/>', 'a "<" begins no tag'],
  ['text<svg/>', 'there is text outside of the root'],
  ['', 'there is no element'],
])('finds what is wrong with %s', (text, problem) => {
  expect(checkXml(text).problem).toBe(problem);
});

it.each(['<script>x</script>', '<path onclick="x()"/>', '<a href="https://x.example/"/>', '<foreignObject/>'])(
  'finds what could run: %s',
  (inner) => {
    expect(checkXml(svg(inner)).active).toHaveLength(1);
  },
);

it('takes escaped text and links inside of the drawing', () => {
  expect(checkXml(svg('<path d="M" fill="url(#g)"/><text>a &lt; b &amp; c</text><a href="#here"/>'))).toMatchObject({
    problem: null,
    active: [],
  });
});
