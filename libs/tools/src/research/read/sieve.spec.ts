import { sieveFor } from './sieve';

it.each([
  ['die', 'He was dying of thirst.'],
  ['lie', 'Lying is bad.'],
  ['sky', 'Grey SKIES again'],
  ['cri', 'a cry in the night'],
  ['use', 'Using it'],
  ['happi', 'happily'],
  ['refund', 'RE\u0301FUND? no: refunding'],
  ['3.5', 'costs 3.5 a piece'],
  ['塔', '東京塔の高さ'],
  ['jürgen', '"name": "J\\u00fcrgen"'],
  ['file', 'the \ufb01le'],
])('keeps what may hold "%s": %s', (lexeme, text) => expect(sieveFor(['zzzz', lexeme])(text)).toBe(true));

it('leaves out what cannot, and everything where nothing is asked', () => {
  expect(sieveFor(['harrow', 'beacon'])('The committee met.')).toBe(false);
  expect(sieveFor([])('anything')).toBe(false);
  expect(sieveFor(['a+b(', '[x'])('none of it')).toBe(false);
});
