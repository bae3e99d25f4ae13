import type { Evidence } from '@goalkeeper/domain';

const ENTRIES = 12;
const TEXT_CHARS = 2000;

/**
 * What of the evidence travels through events and history: everything that is broken first, twelve entries at most, long texts
 * cut (a payload that is too large would be refused again and again). The store has all.
 */
export function shownEvidence(evidence: readonly Evidence[]): readonly Evidence[] {
  return [...evidence]
    .sort((a, b) => Number(a.holds) - Number(b.holds))
    .slice(0, ENTRIES)
    .map((item) => ({ ...item, check: cut(item.check), seen: cut(item.seen) }));
}

function cut(text: string): string {
  return text.length <= TEXT_CHARS ? text : `${text.slice(0, TEXT_CHARS - 1)}…`;
}
