import type { ClassicalProgression } from './classical';
import type { GroundProblem } from './ground-problem';
import type { Lifted } from './lifted';
import type { Meter } from './meter';
import type { Node } from './progression';

/** A search that knows something about the domain and goes before the others. */
export interface GuidedRun {
  /** One expansion; `empty`: the whole space was seen without a solution. */
  readonly step: () => Node<null> | 'going' | 'empty';
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
