import { summaryLine } from './summary-line';

const bytesAsSent = (text: string): number => Buffer.byteLength(JSON.stringify(text)) - 2;

describe('a summary line', () => {
  it.each(['', 'choose a tool for profile', 'x'.repeat(300), '天'.repeat(100), 'Übersicht 😀'])(
    'that is short enough stays as it is: %s',
    (text) => {
      expect(summaryLine(text)).toBe(text);
    },
  );

  it.each([
    ['Latin', 'x', 297],
    ['Cyrillic', 'ж', 148],
    ['Chinese', '天', 99],
    ['emoji', '😀', 74],
    ['quotes', '"', 148],
    ['backslashes', '\\', 148],
  ])('of %s is cut by bytes, never inside a character', (_alphabet, character, kept) => {
    const line = summaryLine(character.repeat(5_000));
    expect(line).toBe(`${character.repeat(kept)}…`);
    expect(bytesAsSent(line)).toBeLessThanOrEqual(300);
  });

  it('holds no control character and no half of a pair', () => {
    expect(summaryLine('a\nb\u0000c\ud83d')).toBe('a b c\ufffd');
    expect(bytesAsSent(summaryLine('\u0001'.repeat(2_000)))).toBe(300);
  });
});
