import type {
  AnswerInput,
  ArtifactList,
  ArtifactResponse,
  CalibrationResponse,
  CommandResponse,
  CreateGoalInput,
  CreatePackRequest,
  DecisionList,
  EffectList,
  ErrorKindList,
  EventPage,
  GoalEvent,
  GoalInclude,
  GoalPage,
  GoalResponse,
  PackDetail,
  PackList,
  PlanPreviewResponse,
  QuestionList,
  ToolList,
  VersionResponse,
  WorkflowResponse,
} from '@goalkeeper/contracts';
import { LearningClient } from './learning';
import { isTerminal } from './states';
import { Transport, type ClientOptions } from './transport';
import { uploadInPieces, type UploadFile } from './upload';
import { watchGoal, type WatchOptions } from './watch';

/** Files up to this size go in one request; bigger ones in pieces that survive a broken connection. */
const ONE_REQUEST_BYTES = 8 * 1024 * 1024;

/** Everything the API offers, typed. All methods throw `ProblemError` or `UnreachableError`. */
export class GoalkeeperClient {
  private readonly transport: Transport;
  /** What goals taught: reports, lessons, snapshots, and the memory of finished goals. */
  readonly learning: LearningClient;

  constructor(options: ClientOptions) {
    this.transport = new Transport(options);
    this.learning = new LearningClient(this.transport);
  }

  /**
   * Creates a goal; sent with an idempotency key, so that a repeat after a broken connection makes no second one.
   *
   * @param options.waitSeconds 0..60: hold the answer until the goal has ended or the time is over
   */
  createGoal(
    body: CreateGoalInput,
    options: { idempotencyKey?: string; waitSeconds?: number; signal?: AbortSignal } = {},
  ): Promise<GoalResponse> {
    return this.transport.json('/v1/goals', {
      method: 'POST',
      json: body,
      query: { wait: options.waitSeconds },
      headers: { 'idempotency-key': options.idempotencyKey ?? crypto.randomUUID() },
      repeatable: true,
      ...signalOf(options),
    });
  }

  /** What a goal would do: plan, estimate, other ways. Nothing is stored or started. */
  previewGoal(body: CreateGoalInput): Promise<PlanPreviewResponse> {
    return this.transport.json('/v1/goals', {
      method: 'POST',
      json: body,
      query: { dryRun: 'plan' },
      repeatable: true,
    });
  }

  /** Brings a pack in for the tenant of the token. */
  createPack(body: CreatePackRequest): Promise<PackDetail> {
    return this.transport.json('/v1/packs', { method: 'POST', json: body, repeatable: true });
  }

  getPack(name: string): Promise<PackDetail> {
    return this.transport.json(`/v1/packs/${seg(name)}`);
  }

  getGoal(
    id: string,
    options: { include?: readonly GoalInclude[]; waitSeconds?: number; signal?: AbortSignal } = {},
  ): Promise<GoalResponse> {
    const query = {
      include: options.include?.length ? options.include.join(',') : undefined,
      wait: options.waitSeconds,
    };
    return this.transport.json(`/v1/goals/${seg(id)}`, { query, ...signalOf(options) });
  }

  listGoals(options: { limit?: number; cursor?: string; state?: string } = {}): Promise<GoalPage> {
    return this.transport.json('/v1/goals', { query: options });
  }

  /** Holds until the goal has ended, in as many requests as it takes, or the signal fires. */
  async waitForGoal(id: string, options: { signal?: AbortSignal } = {}): Promise<GoalResponse> {
    for (;;) {
      const goal = await this.getGoal(id, { waitSeconds: 30, ...options });
      if (isTerminal(goal.state)) return goal;
      options.signal?.throwIfAborted();
    }
  }

  listEvents(id: string, options: { after?: number; limit?: number } = {}): Promise<EventPage> {
    return this.transport.json(`/v1/goals/${seg(id)}/events`, { query: options });
  }

  /** Every event once and in order, live, until the goal has ended; see {@link watchGoal}. */
  watch(id: string, options: WatchOptions = {}): AsyncGenerator<GoalEvent, void, void> {
    return watchGoal(this.transport, id, options);
  }

  /** Asks a goal to cancel, pause or resume; the answer shows it as it stands after at most 2 seconds. */
  command(id: string, kind: 'cancel' | 'pause' | 'resume', reason = ''): Promise<GoalResponse> {
    const headers = { 'idempotency-key': crypto.randomUUID() };
    return this.transport.json(`/v1/goals/${seg(id)}/${kind}`, {
      method: 'POST',
      json: { reason },
      headers,
      repeatable: true,
    });
  }

  /** Answers what a goal asks; the first answer to a question stands. */
  answer(id: string, body: AnswerInput): Promise<GoalResponse> {
    const headers = { 'idempotency-key': crypto.randomUUID() };
    return this.transport.json(`/v1/goals/${seg(id)}/answers`, {
      method: 'POST',
      json: body,
      headers,
      repeatable: true,
    });
  }

  /** What one goal asks and asked, or what all unfinished goals ask now. */
  listQuestions(goalId?: string): Promise<QuestionList> {
    return this.transport.json(goalId === undefined ? '/v1/questions' : `/v1/goals/${seg(goalId)}/questions`);
  }

  getCommand(goalId: string, commandId: string): Promise<CommandResponse> {
    return this.transport.json(`/v1/goals/${seg(goalId)}/commands/${seg(commandId)}`);
  }

  getWorkflow(id: string): Promise<WorkflowResponse> {
    return this.transport.json(`/v1/goals/${seg(id)}/workflow`);
  }

  listDecisions(id: string): Promise<DecisionList> {
    return this.transport.json(`/v1/goals/${seg(id)}/decisions`);
  }

  /** How good stated confidences were. */
  getCalibration(options: { limit?: number; tool?: string } = {}): Promise<CalibrationResponse> {
    return this.transport.json('/v1/calibration', { query: options });
  }

  /** Failed calls by kind of error, with what helped. */
  listErrorKinds(options: { limit?: number } = {}): Promise<ErrorKindList> {
    return this.transport.json('/v1/error-kinds', { query: options });
  }

  /** Fits the calibration anew from the newest decisions. */
  fitCalibration(): Promise<CalibrationResponse> {
    return this.transport.json('/v1/calibration/fits', { method: 'POST', repeatable: true });
  }

  listEffects(id: string): Promise<EffectList> {
    return this.transport.json(`/v1/goals/${seg(id)}/effects`);
  }

  listArtifacts(id: string): Promise<ArtifactList> {
    return this.transport.json(`/v1/goals/${seg(id)}/artifacts`);
  }

  /** Stores a file; `openAsBlob(path)` of node:fs gives one that is read as it is sent. */
  uploadArtifact(file: UploadFile): Promise<ArtifactResponse> {
    if (file.content.size > ONE_REQUEST_BYTES) return uploadInPieces(this.transport, file);
    return this.transport.json('/v1/artifacts', {
      method: 'POST',
      body: file.content,
      query: { name: file.name },
      headers: {
        'content-type': file.mediaType ?? 'application/octet-stream',
        'idempotency-key': crypto.randomUUID(),
      },
      repeatable: true,
    });
  }

  /** The bytes of an artifact as a stream: `response.body`. */
  downloadArtifact(id: string, options: { range?: string; signal?: AbortSignal } = {}): Promise<Response> {
    const headers: Record<string, string> = options.range ? { range: options.range } : {};
    return this.transport.send(`/v1/artifacts/${seg(id)}/content`, { headers, ...signalOf(options) });
  }

  listTools(): Promise<ToolList> {
    return this.transport.json('/v1/tools');
  }

  listPacks(): Promise<PackList> {
    return this.transport.json('/v1/packs');
  }

  version(): Promise<VersionResponse> {
    return this.transport.json('/version');
  }
}

const seg = encodeURIComponent;

function signalOf(options: { signal?: AbortSignal }): { signal?: AbortSignal } {
  return options.signal ? { signal: options.signal } : {};
}
