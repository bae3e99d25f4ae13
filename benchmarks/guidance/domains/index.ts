import { GRID_DOMAINS } from './grid-domains';
import { LATE_TRAPS } from './late-traps';
import type { GeneratedDomain } from './problem-text';
import { rovers } from './rover-domain';
import { TRAP_DOMAINS } from './trap-domains';
import { TRANSPORT_DOMAINS } from './transport-domains';
import { UNSEEN_DOMAINS } from './unseen-domains';
import { WORK_DOMAINS } from './work-domains';

export { Chance } from './chance';
export type { GeneratedDomain } from './problem-text';

/** Classical domains with seeded generators of problems, for tests and benchmarks of planning and learning. */
export const GENERATED_DOMAINS: readonly GeneratedDomain[] = [
  ...TRANSPORT_DOMAINS,
  ...WORK_DOMAINS,
  ...GRID_DOMAINS,
  ...TRAP_DOMAINS,
  rovers,
  ...UNSEEN_DOMAINS,
  ...LATE_TRAPS,
];

/** @throws {Error} when there is none of that name */
export function generatedDomain(name: string): GeneratedDomain {
  const found = GENERATED_DOMAINS.find((domain) => domain.name === name);
  if (!found)
    throw new Error(
      `There is no generated domain ${name}; there are ${GENERATED_DOMAINS.map((d) => d.name).join(', ')}`,
    );
  return found;
}
