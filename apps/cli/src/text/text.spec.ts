import { formatBytes, formatDuration } from './format';
import { jsonLine, oneLine, safeLines } from './sanitize';
import { fitLine, lineWidth, paint, span, spread } from './spans';
import { displayWidth, padTo, truncate, wrap } from './width';

describe('safe text', () => {
  it('removes terminal sequences, controls and marks that reorder text', () => {
    const hostile = 'a\u001b[31mred\u001b[0m\u001b]0;title\u0007 b\u0000\u009b2Jc\u202Egpj.exe\u2066 d\r\n\te';
    expect(oneLine(hostile)).toBe('ared bcgpj.exe d e');
  });

  it('keeps an unfinished sequence harmless', () => {
    expect(oneLine('x\u001b]8;;http://evil')).not.toContain('\u001b');
  });

  it('keeps line breaks in safeLines only', () => {
    expect(safeLines('one\n\u001b[2Jtwo\r\nthree\tx')).toEqual(['one', 'two', 'three  x']);
  });

  it('writes JSON that parses back equal and holds no raw control character', () => {
    const value = { text: 'a\u009b2J\u202e\u007f\n"é' };
    const line = jsonLine(value);
    expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/u);
    expect(JSON.parse(line)).toEqual(value);
  });
});

describe('display width', () => {
  it.each([
    ['abc', 3],
    ['日本', 4],
    ['é', 1],
    ['e\u0301', 1],
    ['👩‍👩‍👧', 2],
    ['✔', 1],
    ['●', 1],
    ['', 0],
  ])('counts the cells of %s', (text, cells) => expect(displayWidth(text)).toBe(cells));

  it('cuts by cells and never through a grapheme', () => {
    expect(truncate('日本語', 4)).toBe('日…');
    expect(displayWidth(truncate('日本語', 4))).toBeLessThanOrEqual(4);
    expect(truncate('abc', 3)).toBe('abc');
    expect(truncate('abcd', 3)).toBe('ab…');
    expect(truncate('abcd', 0)).toBe('');
    expect(padTo('日', 4)).toBe('日  ');
  });

  it('wraps words, and cuts those that are longer than a line', () => {
    expect(wrap('one two three', 8)).toEqual(['one two', 'three']);
    expect(wrap('abcdefghij k', 4)).toEqual(['abcd', 'efgh', 'ij k']);
  });
});

describe('lines', () => {
  it('cuts a line of several pieces to the width', () => {
    const line = fitLine([span('abc'), span('defgh', 'red'), span('tail')], 6);
    expect(paint(line, false)).toBe('abcde…');
    expect(lineWidth(line)).toBe(6);
    expect(paint(fitLine([span('abc'), span('def')], 3), false)).toBe('ab…');
  });

  it('puts two parts at the edges and cuts the left one', () => {
    expect(paint(spread([span('label')], [span('1.0 s')], 16), false)).toBe('label      1.0 s');
    expect(paint(spread([span('a very long label')], [span('1.0 s')], 16), false)).toBe('a very lo… 1.0 s');
  });

  it('colours only when asked to', () => {
    expect(paint([span('ok', 'green')], false)).toBe('ok');
    expect(paint([span('ok', 'green')], true)).toContain('\u001b[');
  });
});

describe('numbers for people', () => {
  it('formats spans and sizes', () => {
    expect([0, 840, 12_360, 59_960, 185_000, 7_620_000].map(formatDuration)).toEqual([
      '0.0 s',
      '0.8 s',
      '12.4 s',
      '1 m 00 s',
      '3 m 05 s',
      '2 h 07 m',
    ]);
    expect([0, 812, 14_200, 999_960].map(formatBytes)).toEqual(['0 B', '812 B', '14.2 kB', '1.0 MB']);
  });
});
