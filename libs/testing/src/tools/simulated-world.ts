import { createHash } from 'node:crypto';
import type { JsonObject } from '@goalkeeper/domain';

/** A failure with its code; a transient one has passed when the call is made again. */
export type SimulatedFault = string | { readonly code: string; readonly transient: true };

/** What simulated tools act on: pages by address, files by path, programs by path, and what was done to them. */
export interface SimulatedWorld {
  readonly pages: Map<string, { readonly status: number; readonly body: string }>;
  readonly files: Map<string, string>;
  /** The files as they were in the beginning. */
  readonly before: ReadonlyMap<string, string>;
  /** Every call, in order. */
  readonly calls: { readonly tool: string; readonly args: JsonObject }[];
  /** Failures that the next calls of a tool meet, first come first served. */
  readonly faults: Map<string, SimulatedFault[]>;
  /** Seconds that were waited. */
  waited: number;
}

/** A world with a site, a workspace and programs in it. */
export function simulatedWorld(): SimulatedWorld {
  const table = '<table><tr><th>a</th></tr><tr><td>1</td></tr></table>';
  const page = `<h1>Page</h1><p>Refunds are paid within 14 days.</p>${table}<a href="/b">b</a>`;
  const files = [
    ['docs/a.txt', 'alpha'],
    ['docs/b.md', 'beta'],
    ['list.csv', 'n\n1\n'],
    ['main.py', 'print(42)'],
  ] as const;
  return {
    pages: new Map([
      ['https://a.example/', { status: 200, body: page }],
      ['https://a.example/b', { status: 200, body: page }],
    ]),
    files: new Map(files),
    before: new Map(files),
    calls: [],
    faults: new Map(),
    waited: 0,
  };
}

/** Names content by its SHA-256, as the real store does. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
