import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import type { WorkflowHandle } from '@temporalio/client';

const FOLDER = join(__dirname, 'histories');
const ENDING = '.history.json';

export interface RecordedHistory {
  /** The way that the goal went, and the name of its file. */
  readonly name: string;
  /** As `historyToJSON` writes it. */
  readonly history: { readonly events: readonly HistoryEvent[] };
}

export interface HistoryEvent {
  readonly eventType: string;
  readonly activityTaskScheduledEventAttributes?: { readonly activityType: { readonly name: string } };
  readonly markerRecordedEventAttributes?: {
    readonly markerName: string;
    readonly details: Readonly<Record<string, { readonly payloads: readonly { readonly data: string }[] }>>;
  };
}

/** The committed histories, by name. */
export function readHistories(): readonly RecordedHistory[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith(ENDING))
    .sort()
    .map((file) => ({
      name: file.slice(0, -ENDING.length),
      history: JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as RecordedHistory['history'],
    }));
}

/** Fetches the history of one run and keeps it without what tells of the machine that made it. */
export async function recordHistory(name: string, handle: WorkflowHandle): Promise<void> {
  const text = JSON.stringify(scrub(JSON.parse(historyToJSON(await handle.fetchHistory()))));
  for (const secret of [hostname(), resolve('.')])
    if (secret.length > 3 && text.includes(secret)) throw new Error(`The history ${name} names ${secret}`);
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, `${name}${ENDING}`), `${text}\n`);
}

/** Identities of processes and traces of stacks play no part in a replay. */
function scrub(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(scrub);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]: [string, unknown]) => {
    if (key === 'identity') return [key, 'worker'];
    if (key === 'stackTrace') return [key, ''];
    return [key, scrub(item)];
  });
  return Object.fromEntries(entries) as unknown;
}

/** Every activity type that a history names: scheduled ones, and local ones by their markers. */
export function activityTypes({ events }: RecordedHistory['history']): ReadonlySet<string> {
  return new Set(events.flatMap((event) => scheduledIn(event) ?? localIn(event) ?? []));
}

/** The types of a history's local activities, in the order in which they ended. */
export function localActivities({ events }: RecordedHistory['history']): readonly string[] {
  return events.flatMap((event) => localIn(event) ?? []);
}

function scheduledIn({ activityTaskScheduledEventAttributes: scheduled }: HistoryEvent): string | undefined {
  return scheduled?.activityType.name;
}

/** A local activity leaves a marker whose data is JSON with its type. */
function localIn({ markerRecordedEventAttributes: marker }: HistoryEvent): string | undefined {
  if (marker?.markerName !== 'core_local_activity') return undefined;
  const text = Buffer.from(marker.details.data?.payloads[0]?.data ?? '', 'base64').toString('utf8');
  return (JSON.parse(text) as { activity_type: string }).activity_type;
}
