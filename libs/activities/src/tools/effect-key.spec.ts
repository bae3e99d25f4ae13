import { effectKey, intentDigest } from './effect-key';

const node = { lineage: 'pay/send', occurrence: 0 };
const intent = intentDigest({ to: 'a', amount: 3 });

describe('effectKey', () => {
  it('is the same for the same node and intent, whatever the order of the arguments', () => {
    expect(effectKey('g1', node, 'pay', intentDigest({ amount: 3, to: 'a' }))).toBe(
      effectKey('g1', node, 'pay', intent),
    );
  });

  it.each([
    ['another goal', effectKey('g2', node, 'pay', intent)],
    ['another node', effectKey('g1', { ...node, lineage: 'pay/again' }, 'pay', intent)],
    ['another occurrence', effectKey('g1', { ...node, occurrence: 1 }, 'pay', intent)],
    ['another tool', effectKey('g1', node, 'transfer', intent)],
    ['another intent', effectKey('g1', node, 'pay', intentDigest({ to: 'a', amount: 4 }))],
  ])('differs for %s', (_what, other) => {
    expect(other).not.toBe(effectKey('g1', node, 'pay', intent));
  });
});
