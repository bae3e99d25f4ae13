import type { ClassicalProgression } from './classical';
import type { GroundProblem } from './ground-problem';
import type { Lifted } from './lifted';
import type { Meter } from './meter';
import { SLICE } from './portfolio';
import type { Node } from './progression';
import type { BestFirst } from './searches';

/** A search that knows something about the domain and goes before the others. */
export interface GuidedRun {
  /** One expansion; `empty`: the whole space was seen without a solution. */
  readonly step: () => Node<null> | 'going' | 'empty';
  /** Takes over a node that another search has expanded, as if this one had done it; the first one is the start. */
  readonly adopt: (node: Node<null>, children: readonly Node<null>[]) => void;
  /** Nodes that the unguided search may take in vain before this one takes over its tree; below zero: this one begins. */
  readonly allowedWaste: number;
  /** Whether it still goes first; afterwards it is one of several. */
  readonly leads: () => boolean;
}

/** Makes such a search for a classical problem. It decides the order of search, never what is searched. */
export type Guide = (task: {
  readonly lifted: Lifted;
  readonly ground: GroundProblem;
  readonly progression: ClassicalProgression;
  readonly meter: Meter;
}) => GuidedRun;

/** What was done before the searches run side by side, and the work that each spent on it. */
export interface Lead {
  readonly found: Node<null> | 'going' | 'empty';
  readonly unguidedWork: number;
  readonly guidedWork: number;
}

/**
 * Lets the unguided search go for as long as it hardly wastes an expansion, and then the guided one, from the tree that is there,
 * for as long as it leads. So what the unguided search finds straight away costs exactly what it costs without guidance, and no
 * expansion is made twice.
 *
 * @throws {BudgetOver} when the budget ends
 */
export function leadSearch(unguided: BestFirst<null>, guided: GuidedRun, meter: Meter): Lead {
  const start = meter.work;
  const tree: [Node<null>, readonly Node<null>[]][] = [];
  unguided.onExpand = (node, children) => tree.push([node, children]);
  let found: Lead['found'] = 'going';
  const isStraight = (): boolean => unguided.taken - unguided.best.size <= guided.allowedWaste;
  while (found === 'going' && isStraight() && meter.work < start + SLICE) {
    found = unguided.step();
    meter.spend(1);
  }
  unguided.onExpand = null;
  const unguidedWork = meter.work - start;
  if (found === 'going') for (const [node, children] of tree) guided.adopt(node, children);
  while (found === 'going' && guided.leads()) found = guided.step();
  return { found, unguidedWork, guidedWork: meter.work - start - unguidedWork };
}
