import { nounFor, plural } from './counting';

describe('counts with their nouns', () => {
  it('say one of one thing, and many of none and more', () => {
    expect([0, 1, 2].map((count) => plural(count, 'step'))).toEqual(['0 steps', '1 step', '2 steps']);
    expect([1, 3].map((count) => plural(count, 'entry', 'entries'))).toEqual(['1 entry', '3 entries']);
    expect([1, 3].map((count) => nounFor(count, 'series', 'series'))).toEqual(['series', 'series']);
  });
});
