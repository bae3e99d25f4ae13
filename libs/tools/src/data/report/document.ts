import type { DrawnChart } from '../chart/chart.tool';
import type { Claim } from './claims';

/** A piece of a sentence: words of ours, a name or value out of the data, a technical term, or a number that is claimed. */
export type Inline =
  | string
  | { readonly quote: string; readonly kind: 'column' | 'value' | 'period' | 'file' | 'condition' }
  | { readonly code: string }
  | { readonly claim: Claim };
export type Text = readonly Inline[];

export type Block =
  | { readonly type: 'paragraph'; readonly text: Text }
  | { readonly type: 'tiles'; readonly tiles: readonly { readonly label: string; readonly text: Text }[] }
  | { readonly type: 'items'; readonly items: readonly Item[] }
  | {
      readonly type: 'table';
      readonly head: readonly TableHead[];
      readonly rows: readonly (readonly Text[])[];
    }
  | { readonly type: 'figure'; readonly chart: DrawnChart; readonly svg: string; readonly caption: Text };

export interface TableHead {
  readonly label: string;
  readonly isNumber: boolean;
  /** The column that it is of, where a table has several. */
  readonly of?: string;
}

export interface Item {
  /** Colours a finding by how serious it is; plain for insights. */
  readonly tone: 'high' | 'medium' | 'low' | 'plain';
  readonly head: Text;
  readonly body: Text;
}

export interface Section {
  readonly id: 'answer' | 'summary' | 'insights' | 'distrust' | 'charts' | 'columns' | 'method';
  readonly title: string;
  readonly blocks: readonly Block[];
}

export interface ReportDocument {
  readonly file: string;
  readonly sections: readonly Section[];
}

export const column = (name: string): Inline => ({ quote: name, kind: 'column' });
export const value = (text: string): Inline => ({ quote: text === '' ? '(empty text)' : text, kind: 'value' });
export const period = (text: string): Inline => ({ quote: text, kind: 'period' });
export const shown = (claim: Claim): Inline => ({ claim });

/**
 * Our own words hold no digits, so that every number on the page is a claim; a slip is a defect and must not reach a reader.
 *
 * @throws {Error} when a word of ours holds a digit
 */
export function checkWords(text: string): string {
  if (/\d/.test(text)) throw new Error(`a number in the report's own words is no claim: "${text}"`);
  return text;
}

/** A text without mark-up. */
export function plainText(text: Text): string {
  return text
    .map((part) => {
      if (typeof part === 'string') return part;
      if ('quote' in part) return plainQuote(part.quote);
      return 'code' in part ? plainQuote(part.code) : part.claim.shown;
    })
    .join('');
}

const LONGEST_QUOTE = 120;

/** A name or value on one line, cut when very long; control characters and marks that turn the writing around are shown as a box. */
export function plainQuote(text: string): string {
  const line = text.replace(/\s+/g, ' ').replace(/[\p{Cc}\p{Cf}]/gu, '□');
  const letters = [...line];
  return letters.length <= LONGEST_QUOTE ? line : `${letters.slice(0, LONGEST_QUOTE - 1).join('')}…`;
}
