const SYLLABLES = 'ba co di fe gu ha jo ki lo me nu pa re si ta vo we xi yo zu'.split(' ');

/** About a kilobyte of text that compresses like prose, always the same for a seed: the size of a step's result. */
export function kibibyteOf(seed: string, bytes = 1000): string {
  let state =
    [...seed].reduce((hash, char) => Math.imul(hash ^ char.charCodeAt(0), 16_777_619) >>> 0, 2_166_136_261) || 1;
  let text = seed;
  while (text.length < bytes) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0; // a linear congruential step (Numerical Recipes, §7.1)
    text += (state & 0x30000000) === 0 ? ' ' : (SYLLABLES[(state >>> 8) % SYLLABLES.length] ?? '');
  }
  return text.slice(0, bytes);
}
