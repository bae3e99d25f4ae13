import { admitImported, faultsOfForeign, type LessonRecord } from '@goalkeeper/domain';
import type { ExportedLesson, ImportResponse } from '@goalkeeper/contracts';
import { LearningRepository, newId, type EntityManager } from '@goalkeeper/persistence';
import type { Request } from 'express';
import { ApiProblem } from '../http/api-problem';
import { digestOf } from './lesson-digest';
import { type FileFault, type FileLesson, readLessonFile } from './lesson-file';

/** As much as an export can have where every kind is full of the biggest lessons, with room to spare. */
const MOST_BYTES = 64_000_000;

/** The body of an import as it came. */
export async function readLessonBody(request: Request): Promise<Uint8Array> {
  const tooLarge = new ApiProblem('request.too_large', { detail: `A file of lessons ends at ${MOST_BYTES / 1e6} MB` });
  if (Number(request.get('content-length') ?? 0) > MOST_BYTES) throw tooLarge;
  const type = (request.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json' || (request.get('content-encoding') ?? 'identity') !== 'identity')
    throw new ApiProblem('request.unsupported_media_type', { detail: 'Lessons come as application/json, not packed' });
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) throw tooLarge;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * The lessons of a file.
 *
 * @throws {ApiProblem} where anything in it is not what an export says: with the line and place of each fault
 */
export function lessonsIn(bytes: Uint8Array, nowMs: number): readonly FileLesson[] {
  const { lessons, faults } = readLessonFile(bytes);
  const all = [...faults, ...lessons.flatMap((one) => faultsOf(one, nowMs))].slice(0, 50);
  if (all.length === 0) return lessons;
  const errors = all.map(({ pointer, line, message }) => ({ pointer, message: `line ${line}: ${message}` }));
  const detail = errors.map(({ pointer, message }) => `${pointer} ${message}`.trim()).join('; ');
  throw new ApiProblem('request.invalid', { detail: detail.slice(0, 1_000), errors });
}

function faultsOf({ index, line, lesson }: FileLesson, nowMs: number): FileFault[] {
  const pointer = `/lessons/${index}`;
  if (digestOf(lesson) !== lesson.digest)
    return [{ pointer: `${pointer}/digest`, line, message: 'it is not what was exported' }];
  return faultsOfForeign(lesson, nowMs).map((message) => ({ pointer: `${pointer}/body`, line, message }));
}

/** Takes lessons over as candidates, in one transaction: those that are new and find room. */
export async function importLessons(tx: EntityManager, given: readonly FileLesson[]): Promise<ImportResponse> {
  const learning = new LearningRepository(tx);
  await learning.lock();
  const { taken, known, leftOut } = admitImported(
    given.map(({ lesson }) => lesson),
    await learning.records(),
  );
  const nowMs = Date.now();
  await learning.save(taken.flatMap((place) => (given[place] ? [candidateOf(given[place].lesson, nowMs)] : [])));
  const refused = leftOut.map(({ index: place, gate, reason }) => {
    const { index = place, line = 0 } = given[place] ?? {};
    return { index, line, gate, reason };
  });
  return { imported: taken.length, known, refused };
}

function candidateOf({ kind, key, body, tasks, versions }: ExportedLesson, atMs: number): LessonRecord {
  const change = { atMs, status: 'candidate' as const, reason: 'imported' };
  return {
    ...{ id: newId(), kind, key, body, tasks, versions, sources: [], status: 'candidate', origin: 'imported' },
    statistics: { sources: 0, support: 0, against: 0, trial: null },
    history: [change],
  } as unknown as LessonRecord;
}
