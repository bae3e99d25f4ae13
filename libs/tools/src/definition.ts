import type {
  Blame,
  DomainPack,
  EffectClass,
  Evidence,
  Fact,
  Json,
  JsonObject,
  SuccessPredicate,
  ToolDescriptor,
} from '@goalkeeper/domain';
import type { z } from 'zod';

/** A stored file: bytes named by their SHA-256, with a name and a media type for people. */
export interface ArtifactRef {
  readonly sha256: string;
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
}

/** Where tools read and leave files; implemented over the content-addressed blob store. */
export interface ArtifactStore {
  /** Stores bytes or a finished local file (moved or copied); the same content gives the same reference. */
  put(file: { name: string; mediaType: string; content: Uint8Array | { path: string } }): Promise<ArtifactRef>;
  /** A local path to read from; throws when the blob is unknown. Never write to it. */
  path(sha256: string): Promise<string>;
  /** A fresh empty directory, removed when the call ends, whatever its end. */
  scratch(): Promise<string>;
}

/** Where a goal's data comes from: an uploaded artifact, a file below a configured root, or a sample data set. */
export interface SourceResolver {
  /**
   * @param source `art_…`, `sample:weather.csv`, or a path (absolute, or relative to the first root)
   * @returns a readable local file and the name people know it by
   * @throws {ToolFailure} `source.missing`, `source.outside_roots`, `source.not_a_file`
   */
  resolve(source: string): Promise<{ readonly path: string; readonly name: string }>;
  /**
   * The files in a folder below the roots, as sources, by name; null when the source is no folder. Hidden files and links are
   * left out.
   *
   * @param endings of the files that are wanted, small letters
   */
  list?(source: string, endings: readonly string[]): Promise<readonly string[] | null>;
}

/** One statement of the database transaction that also holds the result (`transactional` tools only). */
export type TransactionQuery = (sql: string, parameters?: unknown[]) => Promise<Record<string, unknown>[]>;

export interface ToolContext {
  readonly tenantId: string;
  readonly goalId: string;
  readonly stepId: string;
  /** The same for every attempt at this effect; handed to the far side by `idempotent` tools. */
  readonly idempotencyKey: string;
  readonly signal: AbortSignal;
  readonly heartbeat: (progress?: Json) => void;
  readonly artifacts: ArtifactStore;
  readonly sources: SourceResolver;
  /** Present for `transactional` tools. */
  readonly query?: TransactionQuery;
}

export interface ToolResult<Output> {
  /** Small and typed; big things go to artifacts. At most 32 KiB as JSON. */
  readonly output: Output;
  /** Files for the client, listed under the goal. Working files need not be listed. */
  readonly artifacts?: readonly ArtifactRef[];
  /** One line for people, ≤ 200 characters: what was found or done, with numbers. */
  readonly summary: string;
}

/** A failure that is data: it becomes an observation, not a retried activity. */
export class ToolFailure extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly options: {
      transient?: boolean;
      uncertain?: boolean;
      details?: JsonObject;
      /** Where the cause lies, where its code alone does not say: a tool is not thought less of for a wrong input. */
      blame?: Blame;
      /** Facts of the plan that the tool found not to hold: whoever gave them is asked again. */
      denies?: readonly Fact[];
    } = {},
  ) {
    super(message);
    this.name = 'ToolFailure';
  }
}

export interface ToolDefinition<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly version: string;
  readonly summary: string;
  readonly input: Input;
  readonly output: Output;
  readonly effect: EffectClass;
  /** What a usual call takes at most, milliseconds; under 200 a `pure` or `transactional` call takes the fast lane. */
  readonly boundMs: number;
  /** When a call is given up, milliseconds; at most 10,000 on the fast lane. */
  readonly timeoutMs: number;
  readonly costUsd: number;
  /** The arguments that carry meaning, for the effect key; all of them unless told otherwise. */
  intent?(args: z.output<Input>): JsonObject;
  /** Looks at what came back; one false check turns a claimed success into a silent failure. */
  postcondition?(args: z.output<Input>, output: z.output<Output>): readonly Evidence[] | Promise<readonly Evidence[]>;
  /** Paths of the output that are never empty when the tool worked: an empty list, text or count there is a silent failure. */
  readonly expectsRows?: readonly string[];
  /** Facts that only the result can tell, besides those of the operator. */
  facts?(args: z.output<Input>, output: z.output<Output>): readonly Fact[];
  /** Does it. Throws {@link ToolFailure} for what the caller should see, anything else for a defect of the tool. */
  run(args: z.output<Input>, context: ToolContext): Promise<ToolResult<z.output<Output>>>;
}

/** Checks the shape of a definition at compile time and freezes it. */
export function defineTool<Input extends z.ZodType, Output extends z.ZodType>(
  definition: ToolDefinition<Input, Output>,
): ToolDefinition<Input, Output> {
  return Object.freeze(definition);
}

/** What a verifier may look at: the outputs of the plan's steps by label, and the goal's artifacts. */
export interface VerifierContext {
  readonly tenantId: string;
  readonly goalId: string;
  readonly signal: AbortSignal;
  readonly heartbeat: (progress?: Json) => void;
  readonly artifacts: ArtifactStore;
  readonly sources: SourceResolver;
  /** Outputs of the succeeded steps, by step label. */
  readonly outputs: Readonly<Record<string, JsonObject>>;
  /** Artifacts that the goal's tools listed for the client. */
  readonly produced: readonly ArtifactRef[];
}

/** Decides one success predicate from the world, sharing no code and no query with the tools that did the work. */
export interface Verifier {
  /** The predicate's name, e.g. `data.report_is_true`. */
  readonly name: string;
  /** How long it takes at most, milliseconds; goals whose verifiers are all short are verified without a remote activity. */
  readonly boundMs?: number;
  verify(predicate: SuccessPredicate, context: VerifierContext): Promise<readonly Evidence[]>;
}

/** What a plugin folder's module exports as `default` or `plugin`. */
export interface ToolPlugin {
  readonly name: string;
  readonly version: string;
  readonly tools: readonly ToolDefinition[];
  readonly verifiers?: readonly Verifier[];
  readonly packs?: readonly DomainPack[];
}

export type { ToolDescriptor };
