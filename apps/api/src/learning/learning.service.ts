import { Inject, Injectable } from '@nestjs/common';
import { EVIDENCE_GOALS, harmIn, liftOf } from '@goalkeeper/domain';
import {
  decodeCursor,
  encodeCursor,
  EXPORT_FORMAT,
  toPublicId,
  type EpisodePage,
  type LearningReport,
  type LessonDetail,
  type ExportedLesson,
  type LessonPage,
  type ListLessonsQuery,
  type SearchEpisodesQuery,
  type SnapshotList,
} from '@goalkeeper/contracts';
import {
  EpisodeSearchRepository,
  LearningReportRepository,
  LearningRepository,
  LessonRepository,
  MOST_HITS,
  type Database,
  type EntityManager,
  type FoundEpisode,
  type StoredLesson,
} from '@goalkeeper/persistence';
import type { Principal } from '../auth/principal';
import { DATABASE } from '../core/tokens';
import { ApiProblem } from '../http/api-problem';
import { digestOf } from './lesson-digest';
import { toLastRun, toLessonDetail, toLessonView, toSettingsView, toSnapshotView } from './learning.view';

const SNAPSHOTS = 100;
const EXPORT_PAGE = 200;
const HARM_LISTED = 500;

/** What was learned, as people read it. */
@Injectable()
export class LearningService {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  async report(caller: Principal): Promise<LearningReport> {
    return this.database.tenant(caller.tenantId, async (tx) => {
      const reports = new LearningReportRepository(tx);
      const state = await new LearningRepository(tx).state();
      const { on, off, callsSaved, verifiedGain } = liftOf(await reports.goals(), caller.tenantId);
      const harm = await this.harm(tx);
      const { lessons, bytes, recall } = await reports.figures();
      return {
        settings: toSettingsView(state),
        ...{ on, off, callsSaved, verifiedGain, bytes, recall },
        harm,
        items: lessons.map((item) => ({ ...item })),
        lastRun: toLastRun(state),
      };
    });
  }

  /** Those that were taken back, and those that goals fare worse with now; newest first. */
  private async harm(tx: EntityManager): Promise<LearningReport['harm']> {
    const evidence = await new LearningReportRepository(tx).evidence(EVIDENCE_GOALS);
    const found = harmIn(await new LearningRepository(tx).records(), evidence);
    const shown = found.sort((a, b) => (a.lessonId < b.lessonId ? 1 : -1)).slice(0, HARM_LISTED);
    const lessons = new Map<string, StoredLesson>();
    for (const { lessonId } of shown) {
      const lesson = await new LessonRepository(tx).get(lessonId);
      if (lesson) lessons.set(lessonId, lesson);
    }
    return shown.flatMap(({ lessonId, ...told }) => {
      const lesson = lessons.get(lessonId);
      return lesson ? [{ ...toLessonView(lesson), ...told }] : [];
    });
  }

  async lessons(caller: Principal, query: ListLessonsQuery): Promise<LessonPage> {
    const before = query.cursor === undefined ? null : decodeCursor(query.cursor);
    if (query.cursor !== undefined && !before) throw new ApiProblem('request.invalid_cursor');
    const { limit, kind = null, status = null } = query;
    const found = await this.database.tenant(caller.tenantId, (tx) =>
      new LessonRepository(tx).list({ kind, status, before, limit: limit + 1 }),
    );
    const shown = found.slice(0, limit);
    const last = shown.at(-1);
    const next = found.length > limit && last ? encodeCursor(last) : null;
    return { data: shown.map(toLessonView), page: { next, hasMore: next !== null } };
  }

  async lesson(caller: Principal, id: string): Promise<LessonDetail> {
    const found = await this.database.tenant(caller.tenantId, (tx) => new LessonRepository(tx).get(id));
    if (!found) throw new ApiProblem('lesson.not_found');
    return toLessonDetail(found);
  }

  async snapshots(caller: Principal): Promise<SnapshotList> {
    const found = await this.database.tenant(caller.tenantId, (tx) => new LessonRepository(tx).snapshots(SNAPSHOTS));
    return { data: found.map(toSnapshotView) };
  }

  /**
   * All lessons that are not retired, without the goals that they come from, as the text of a `LessonExport` with one lesson on a line.
   * Page by page, each in a transaction of its own: a slow reader keeps none open. The first page is read before this returns.
   */
  async export(caller: Principal): Promise<AsyncGenerator<string>> {
    const first = await this.exportPage(caller, null);
    const next = (before: StoredLesson): Promise<StoredLesson[]> => this.exportPage(caller, before);
    return (async function* () {
      yield `{"format":"${EXPORT_FORMAT}","exportedAt":"${new Date().toISOString()}","lessons":[`;
      let mark = '\n';
      for (let page = first, last = page.at(-1); last; page = await next(last), last = page.at(-1)) {
        yield page
          .map((lesson, index) => `${index === 0 ? mark : ',\n'}${JSON.stringify(toExported(lesson))}`)
          .join('');
        mark = ',\n';
      }
      yield '\n]}\n';
    })();
  }

  private exportPage(caller: Principal, before: StoredLesson | null): Promise<StoredLesson[]> {
    const query = { kind: null, status: null, standing: 'kept' as const, limit: EXPORT_PAGE, before };
    return this.database.tenant(caller.tenantId, (tx) => new LessonRepository(tx).list(query));
  }

  async episodes(caller: Principal, query: SearchEpisodesQuery): Promise<EpisodePage> {
    const { limit, q = null, task = null, outcome = null } = query;
    const offset = query.cursor === undefined ? 0 : offsetIn(query.cursor);
    const found = await this.database.tenant(caller.tenantId, (tx) =>
      new EpisodeSearchRepository(tx).search({ words: q, task, outcome, limit: limit + 1, offset }),
    );
    const next = found.length > limit && offset + limit < MOST_HITS ? cursorAt(offset + limit) : null;
    return {
      data: found.slice(0, limit).map((episode) => toEpisodeView(episode, query)),
      page: { next, hasMore: next !== null },
    };
  }
}

function toExported(lesson: StoredLesson): ExportedLesson {
  const { kind, key, body, tasks, versions, status } = toLessonDetail(lesson);
  const told = { kind, key, body, tasks, versions };
  return { ...told, status, digest: digestOf(told) };
}

/** A place in a ranked list; opaque for clients. */
function cursorAt(offset: number): string {
  return Buffer.from(`hits ${offset}`).toString('base64url');
}

function offsetIn(cursor: string): number {
  const offset = /^hits (\d{1,6})$/.exec(Buffer.from(cursor, 'base64url').toString('utf8'))?.[1];
  if (offset === undefined) throw new ApiProblem('request.invalid_cursor');
  return Number(offset);
}

function toEpisodeView(episode: FoundEpisode, query: SearchEpisodesQuery): EpisodePage['data'][number] {
  const { id, goalId, objective, task, outcome, methods, createdAt, stems, alike } = episode;
  const why = [
    ...(stems.length > 0 ? [`words: ${stems.join(', ')}`] : []),
    ...(alike.length > 0 ? [`written almost so: ${alike.join(', ')}`] : []),
    ...(query.task ? ['same task'] : []),
    ...(query.outcome ? [`outcome ${outcome}`] : []),
  ];
  return {
    ...{ id: toPublicId('epi', id), goalId: toPublicId('goal', goalId), objective, outcome, methods: { ...methods } },
    ...{ task: task.name, args: task.args, createdAt: createdAt.toISOString() },
    why: why.length > 0 ? why : ['newest'],
  };
}
