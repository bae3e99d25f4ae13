import { generatedDomain } from './index';

/** Names of the generated lift and boat in two domains of the 2023 learning competition, which say the same in other words. */
const NAMES: Readonly<Record<string, { readonly like: string; readonly names: Readonly<Record<string, string>> }>> = {
  ferry: {
    like: 'boat',
    names: { moored: 'at-ferry', parked: 'at', free: 'empty-ferry', aboard: 'on', cart: 'car', pier: 'location' },
  },
  miconic: {
    like: 'lift',
    names: { waits: 'origin', wants: 'destin', below: 'above', inside: 'boarded', done: 'served', cabin: 'lift-at' },
  },
};

/** A problem for a domain that is not ours, if it is one whose names are known; null otherwise. */
export function problemOfKnown(domain: string, size: number, seed: number): string | null {
  const known = NAMES[domain];
  if (!known) return null;
  const text = generatedDomain(known.like).problem(size, seed);
  return text
    .replace(`(:domain ${known.like})`, `(:domain ${domain})`)
    .replace(/[a-z]+/g, (word) => known.names[word] ?? word);
}
