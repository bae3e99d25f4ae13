import type {
  EpisodePage,
  ErasureReceipt,
  ImportResponse,
  LearningReport,
  LearningRunResponse,
  LearningSettingsRequest,
  LearningSettingsView,
  LessonDetail,
  LessonExport,
  LessonPage,
  SnapshotList,
  SnapshotView,
} from '@goalkeeper/contracts';
import type { Transport } from './transport';

const seg = encodeURIComponent;

/** What goals taught. All methods throw `ProblemError` or `UnreachableError`; what changes something carries a key. */
export class LearningClient {
  constructor(private readonly transport: Transport) {}

  report(): Promise<LearningReport> {
    return this.transport.json('/v1/learning/report');
  }

  listLessons(options: { kind?: string; status?: string; limit?: number; cursor?: string } = {}): Promise<LessonPage> {
    return this.transport.json('/v1/learning/lessons', { query: options });
  }

  getLesson(id: string): Promise<LessonDetail> {
    return this.transport.json(`/v1/learning/lessons/${seg(id)}`);
  }

  listSnapshots(): Promise<SnapshotList> {
    return this.transport.json('/v1/learning/snapshots');
  }

  export(): Promise<LessonExport> {
    return this.transport.json('/v1/learning/export');
  }

  searchEpisodes(
    options: { q?: string; task?: string; outcome?: string; limit?: number; cursor?: string } = {},
  ): Promise<EpisodePage> {
    return this.transport.json('/v1/episodes', { query: options });
  }

  configure(settings: LearningSettingsRequest): Promise<LearningSettingsView> {
    return this.change('settings', settings, 'PUT');
  }

  freeze(): Promise<LearningSettingsView> {
    return this.change('freeze', {});
  }

  thaw(): Promise<LearningSettingsView> {
    return this.change('thaw', {});
  }

  /** A round now; held for its end up to 20 seconds. */
  run(): Promise<LearningRunResponse> {
    return this.change('runs', {});
  }

  rollBack(snapshotId: string): Promise<SnapshotView> {
    return this.change(`snapshots/${seg(snapshotId)}/rollback`, {});
  }

  /** @param file an export, or its text as it is: faults are told with the lines of that */
  import(file: LessonExport | Blob): Promise<ImportResponse> {
    if (!(file instanceof Blob)) return this.change('import', file);
    return this.transport.json('/v1/learning/import', {
      method: 'POST',
      body: file,
      headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
      repeatable: true,
    });
  }

  /** @param scope `goal` erases the goal's own record too */
  erase(goalId: string, scope?: ErasureReceipt['scope']): Promise<ErasureReceipt> {
    return this.change('erasures', { goalId, ...(scope ? { scope } : {}) });
  }

  private change<Answer>(path: string, body: unknown, method: 'POST' | 'PUT' = 'POST'): Promise<Answer> {
    return this.transport.json(`/v1/learning/${path}`, {
      method,
      json: body,
      headers: { 'idempotency-key': crypto.randomUUID() },
      repeatable: true,
    });
  }
}
