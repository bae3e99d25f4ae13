import type { Granularity } from '../model';
import { showAmount, showDecimal, showShare, showWhole } from './show-number';

/** What a number on the page says, precise enough to be worked out again from the source by somebody else. */
export type ClaimKind =
  | 'rows'
  | 'columns'
  | 'bytes'
  | 'missing'
  | 'missing_cells'
  | 'distinct'
  | 'min'
  | 'max'
  | 'mean'
  | 'median'
  | 'duplicates'
  | 'value_count'
  | 'present'
  | 'sum'
  | 'group_rows'
  | 'group_count'
  | 'group_distinct'
  | 'group_sum'
  | 'group_median'
  | 'group_min'
  | 'group_max'
  | 'group_mean'
  | 'group_ratio'
  | 'groups'
  /** Groups beyond the first `low` of them. */
  | 'groups_more'
  | 'explained'
  /** The share of the variance that as many groups drawn at random explain on average. */
  | 'explained_at_random'
  | 'period_mean'
  | 'period_rows'
  | 'correlation'
  | 'pairs'
  | 'outliers'
  | 'far_dates'
  | 'impossible'
  | 'not_numbers'
  | 'dressed_numbers'
  | 'missing_tokens'
  | 'text_placeholders'
  | 'padded'
  | 'variants'
  | 'odd_dates'
  | 'repairs';

/** What the number is about; each kind uses the fields that it needs. */
export interface ClaimAbout {
  readonly column?: string;
  readonly column2?: string;
  /** The value counted, as text. */
  readonly of?: string;
  readonly by?: string;
  readonly group?: string;
  /** `group_ratio`: the group that the first is compared with. */
  readonly group2?: string;
  readonly date?: string;
  readonly granularity?: Granularity;
  readonly period?: string;
  readonly splitBy?: string;
  readonly split?: string;
  readonly low?: number;
  readonly high?: number;
  readonly repair?: string;
  /** The count over the rows of the table (`missing_cells`: over its cells). */
  readonly as?: 'share';
  /** An estimate, for very long tables: distinct within 5 %, quantiles within 2 % of the rows. */
  readonly approximate?: boolean;
  /** Of the rows alone that the question is about: `asked.where` of the report says which. */
  readonly asked?: true;
  /** The groups are periods of the dates in `by`. */
  readonly per?: Granularity;
}

export interface Claim extends ClaimAbout {
  readonly id: string;
  readonly kind: ClaimKind;
  readonly value: number | string;
  /** The text on the page, which is `value` rounded. */
  readonly shown: string;
}

/** Numbers every claim in the order in which it is made; a claim that is shown twice is made twice. */
export class ClaimBook {
  private readonly claims: Claim[] = [];

  /** A whole count. */
  whole(kind: ClaimKind, value: number, about: ClaimAbout = {}): Claim {
    return this.add(kind, value, showWhole(value), about);
  }

  /** A measured number, rounded for people. */
  decimal(kind: ClaimKind, value: number, about: ClaimAbout = {}): Claim {
    const steady = Number(value.toPrecision(12)); // adding up in another order changes no more than this
    return this.add(kind, steady, showDecimal(steady), about);
  }

  /** An amount that is asked for: with up to two decimals, however large. */
  amount(kind: ClaimKind, value: number, about: ClaimAbout = {}): Claim {
    const steady = Number(value.toPrecision(12));
    return this.add(kind, steady, showAmount(steady), about);
  }

  /** A part of the whole, 0..1, shown in per cent. */
  share(kind: ClaimKind, value: number, about: ClaimAbout = {}): Claim {
    const steady = Number(value.toPrecision(12));
    return this.add(kind, steady, showShare(steady), { ...about, as: 'share' });
  }

  /** A date as ISO text. */
  date(kind: ClaimKind, value: string, about: ClaimAbout = {}): Claim {
    return this.add(kind, value, value.replace('T', ' ').replace(/ 00:00:00$/, ''), about);
  }

  list(): readonly Claim[] {
    return this.claims;
  }

  private add(kind: ClaimKind, value: number | string, shown: string, about: ClaimAbout): Claim {
    const claim: Claim = { id: `c${this.claims.length + 1}`, kind, ...about, value, shown };
    this.claims.push(claim);
    return claim;
  }
}
