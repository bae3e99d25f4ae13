import type { Lead } from './guide';
import type { Node, Progression, TotalOrderProgression } from './progression';
import type { BestFirst } from './searches';

/** A guided search and what happens before the searches share the work. */
export interface Before<Open> {
  readonly guided: { readonly step: () => Node<Open> | 'going' | 'empty' };
  readonly lead: (
    unguided: BestFirst<Open>,
  ) => Omit<Lead, 'found'> & { readonly found: Node<Open> | 'going' | 'empty' };
}

/** Others that take part: the same kind of network with fewer choices, a search that goes first, and nodes that know their cost. */
export interface Others<Open> {
  readonly focused?: Progression<Open>;
  readonly before?: Before<Open> | undefined;
  readonly costly?: Progression<Open> | undefined;
  /** The same problem in one of the orders that it allows. */
  readonly linear?: TotalOrderProgression | undefined;
}

/** Part of the work that a guided search has beside the others, once it no longer goes first. */
export const GUIDED_SHARE = 4;
/** Part of the search that values nodes by relaxed plans. */
export const INFORMED_SHARE = 6;
