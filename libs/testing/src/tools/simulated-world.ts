import { createHash } from 'node:crypto';
import type { JsonObject } from '@goalkeeper/domain';

/** What simulated tools act on: pages by address, files by path, programs by path, and what was done to them. */
export interface SimulatedWorld {
  readonly pages: Map<string, { readonly status: number; readonly body: string }>;
  readonly files: Map<string, string>;
  /** Every call, in order. */
  readonly calls: { readonly tool: string; readonly args: JsonObject }[];
  /** Failures that the next calls of a tool meet, first come first served. */
  readonly faults: Map<string, string[]>;
  /** Seconds that were waited. */
  waited: number;
}

/** A world with a site, a workspace and programs in it. */
export function simulatedWorld(): SimulatedWorld {
  const table = '<table><tr><th>a</th></tr><tr><td>1</td></tr></table>';
  const page = `<h1>Page</h1><p>Refunds are paid within 14 days.</p>${table}<a href="/b">b</a>`;
  return {
    pages: new Map([
      ['https://a.example/', { status: 200, body: page }],
      ['https://a.example/b', { status: 200, body: page }],
    ]),
    files: new Map([
      ['docs/a.txt', 'alpha'],
      ['docs/b.md', 'beta'],
      ['list.csv', 'n\n1\n'],
      ['main.py', 'print(42)'],
    ]),
    calls: [],
    faults: new Map(),
    waited: 0,
  };
}

/** Names content by its SHA-256, as the real store does. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
