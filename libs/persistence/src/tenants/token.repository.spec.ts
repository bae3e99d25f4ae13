import { isWellFormedToken, newToken } from './token.repository';

describe('a token', () => {
  it('differs each time and carries its check', () => {
    const made = Array.from({ length: 500 }, () => newToken());
    expect(new Set(made).size).toBe(500);
    expect(made.every(isWellFormedToken)).toBe(true);
  });

  it('is told apart when one character is wrong, missing or too many', () => {
    const token = newToken();
    for (let index = 7; index < token.length; index += 1) {
      const wrong = token.slice(0, index) + (token[index] === 'a' ? 'b' : 'a') + token.slice(index + 1);
      expect([wrong, isWellFormedToken(wrong)]).toEqual([wrong, false]);
    }
    expect(isWellFormedToken(token.slice(0, -1))).toBe(false);
    expect(isWellFormedToken(`${token}x`)).toBe(false);
    expect(isWellFormedToken(token.replace('gk_pat_', 'gk_svc_'))).toBe(false);
  });
});
