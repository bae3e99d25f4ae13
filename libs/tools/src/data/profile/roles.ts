import type { ColumnReading, ColumnRole, NumericSummary } from '../model';

export interface ColumnFacts {
  readonly reading: ColumnReading;
  readonly rows: number;
  readonly present: number;
  readonly distinct: number;
  readonly numeric: NumericSummary | null;
  /** Texts that hold a space. */
  readonly spaced: number;
  /** How often the most frequent value stands. */
  readonly topCount: number;
}

const ID_WORD = /(^|[\s_.-])(id|ids|key|code|uuid|guid|index|fips|zip|postcode)$/i;
const ID_ENDING = /[a-z]I[dD]$/; // orderId, not paid
const isIdName = (name: string): boolean => ID_WORD.test(name) || ID_ENDING.test(name);
const YEAR_NAME = /(^|[\s_.-])(year|yr|jahr)s?$/i;
const MAX_CATEGORIES = 1000;
const FEW = 24;

/**
 * What a column is for: its type says how values are read, its role what can be done with them. Averages of ids and sums of
 * years mean nothing, so they are kept apart from amounts.
 */
export function roleOf(facts: ColumnFacts): ColumnRole {
  const { reading, present, distinct } = facts;
  if (present === 0) return 'empty';
  if (reading.type === 'boolean') return 'boolean';
  if (reading.type === 'date' || reading.type === 'timestamp') return 'date';
  if (reading.type === 'text') return textRole(facts);
  if (isYear(facts)) return 'year';
  if (
    reading.type === 'integer' &&
    distinct === present &&
    present > 20 &&
    (isIdName(reading.name) || isRunning(facts))
  )
    return 'id';
  if (reading.type === 'integer' && isIdName(reading.name) && distinct > FEW) return 'id';
  return reading.type === 'integer' ? 'integer' : 'number';
}

/** Few enough different values, each standing for several rows. */
export function isGroupable(role: ColumnRole, { distinct, present }: ColumnFacts): boolean {
  if (distinct < 2) return false;
  if (role === 'category') return distinct <= MAX_CATEGORIES;
  if (role === 'boolean') return true;
  if (role === 'integer' || role === 'year') return distinct <= FEW && present >= distinct * 5;
  return false;
}

function textRole({ present, distinct, spaced }: ColumnFacts): ColumnRole {
  if (distinct <= 20 && present >= distinct * 2) return 'category';
  if (distinct <= MAX_CATEGORIES && distinct <= present / 2) return 'category';
  const isUnique = distinct >= present * 0.98;
  return isUnique && spaced < present * 0.05 && present > 20 ? 'id' : 'text';
}

function isYear({ reading, numeric }: ColumnFacts): boolean {
  if (reading.type !== 'integer' || numeric === null) return false;
  return YEAR_NAME.test(reading.name) && numeric.min >= 1000 && numeric.max <= 2500;
}

/** 1, 2, 3, …: a row number rather than an amount. */
function isRunning({ numeric, present }: ColumnFacts): boolean {
  return numeric !== null && (numeric.min === 0 || numeric.min === 1) && numeric.max - numeric.min + 1 === present;
}
