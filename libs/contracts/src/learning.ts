import { CONTROL_SHARE, LESSON_KINDS, LESSON_STATUSES } from '@goalkeeper/domain';
import { z } from 'zod';
import { publicId } from './ids';
import { JsonRecord } from './json';

const Time = z.iso.datetime({ offset: true });
const Count = z.int().min(0);
const Kind = z.enum(LESSON_KINDS);
const Status = z.enum(LESSON_STATUSES);
const PageInfo = z.object({ next: z.string().nullable(), hasMore: z.boolean() }).meta({ id: 'PageInfo' });
const Page = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().min(1).max(200).optional(),
};

const Side = z.object({ goals: Count, verified: Count, mean: z.number(), variance: z.number() });
const Trial = z.object({
  with: Side,
  without: Side,
  pBetter: z.number().meta({ description: 'Probability that goals go better with the lesson' }),
  harm: z.number().meta({ description: 'Probability that goals fail more often with it' }),
});

export const LessonView = z
  .object({
    id: publicId('les'),
    kind: Kind,
    key: z.string().meta({ description: 'What it is about; unique within its kind' }),
    status: Status,
    origin: z.enum(['learned', 'imported']),
    body: JsonRecord,
    tasks: z.array(z.string()).meta({ description: 'Tasks of the goals that it comes from' }),
    statistics: z.object({ sources: Count, support: Count, against: Count, trial: Trial.nullable() }),
    createdAt: Time,
    updatedAt: Time,
  })
  .meta({ id: 'Lesson', description: 'Something that goals taught' });
export type LessonView = z.output<typeof LessonView>;

export const LessonDetail = LessonView.extend({
  sources: z.array(publicId('goal')).meta({ description: 'Goals that it comes from' }),
  versions: z.record(z.string(), z.string()).meta({ description: 'Versions of the tools that it speaks of' }),
  history: z.array(z.object({ at: Time, status: Status, reason: z.string() })),
}).meta({ id: 'LessonDetail' });
export type LessonDetail = z.output<typeof LessonDetail>;

export const LessonPage = z.object({ data: z.array(LessonView), page: PageInfo }).meta({ id: 'LessonPage' });
export type LessonPage = z.output<typeof LessonPage>;

export const ListLessonsQuery = z.strictObject({ ...Page, kind: Kind.optional(), status: Status.optional() });
export type ListLessonsQuery = z.output<typeof ListLessonsQuery>;

export const SnapshotView = z
  .object({
    id: publicId('snap'),
    seq: Count,
    reason: z.string(),
    lessons: Count,
    isCurrent: z.boolean(),
    createdAt: Time,
  })
  .meta({ id: 'LearningSnapshot', description: 'An immutable set of lessons; a goal pins one when it starts' });
export type SnapshotView = z.output<typeof SnapshotView>;
export const SnapshotList = z.object({ data: z.array(SnapshotView) }).meta({ id: 'LearningSnapshotList' });
export type SnapshotList = z.output<typeof SnapshotList>;

const Interval = z
  .object({ value: z.number(), low: z.number(), high: z.number() })
  .meta({ id: 'Interval', description: 'A figure with its 95 % interval' });
const Arm = z.object({ goals: Count, verified: Count, meanCalls: z.number() });

export const LearningSettingsView = z
  .object({
    enabled: z.boolean(),
    frozen: z.boolean().meta({ description: 'What is active stays as it is; nothing new is learned' }),
    controlShare: z.number().meta({ description: 'Share of the goals that run with learning off' }),
    trialShare: z.number().meta({ description: 'Share of the goals that a lesson on trial is given to' }),
  })
  .meta({ id: 'LearningSettings' });
export type LearningSettingsView = z.output<typeof LearningSettingsView>;

export const LearningSettingsRequest = z
  .strictObject({
    enabled: z.boolean().optional(),
    frozen: z.boolean().optional(),
    controlShare: z.number().min(CONTROL_SHARE.least).max(CONTROL_SHARE.most).optional(),
    trialShare: z.number().min(0.05).max(0.95).optional(),
  })
  .meta({ id: 'LearningSettingsRequest', description: 'What is left out stays as it is' });
export type LearningSettingsRequest = z.output<typeof LearningSettingsRequest>;

const Refusal = z.object({ kind: Kind, key: z.string(), gate: z.string(), reason: z.string() });
const LastRun = z
  .object({
    at: Time,
    read: Count,
    changed: Count,
    promoted: Count,
    retired: Count,
    refused: Count,
    snapshotId: publicId('snap').nullable(),
    refusals: z.array(Refusal).meta({ description: 'Candidates that a gate refused, the first 50' }),
  })
  .meta({ id: 'LearningRun' });

const HarmfulLesson = LessonView.extend({
  takenBack: z.boolean().meta({ description: 'Retired for it; else it is still judged' }),
  having: Arm.meta({ description: 'Goals in whose plans, decisions or recoveries it took part' }),
  lacking: Arm.meta({ description: 'Goals of the control share that it would have concerned' }),
  verifiedGain: Interval.nullable().meta({ description: 'Share of verified goals, having minus lacking' }),
  pBetter: z.number().nullable().meta({ description: 'Probability that goals go better with it; null: too few goals' }),
}).meta({ id: 'HarmfulLesson' });

export const LearningReport = z
  .object({
    settings: LearningSettingsView,
    on: Arm,
    off: Arm,
    callsSaved: Interval.nullable().meta({
      description:
        'Share of tool calls that learning saves in verified goals; null while there are too few to compare (8 of common tasks on each side)',
    }),
    verifiedGain: Interval.nullable().meta({ description: 'Share of verified goals, with learning minus without' }),
    harm: z.array(HarmfulLesson).meta({
      description: 'Lessons with which goals went worse than those of the control share, the first 500',
    }),
    items: z.array(z.object({ kind: Kind, status: Status, count: Count })),
    bytes: z.object({ lessons: Count, snapshots: Count, evidence: Count }),
    recall: z.object({ goals: Count, p50Ms: z.number().nullable(), p95Ms: z.number().nullable() }),
    lastRun: LastRun.nullable(),
  })
  .meta({ id: 'LearningReport', description: 'What learning changed, measured against goals that run without it' });
export type LearningReport = z.output<typeof LearningReport>;

export const LearningRunResponse = z
  .object({
    state: z.enum(['completed', 'running']).meta({ description: '`running`: look at `lastRun` of the report later' }),
    lastRun: LastRun.nullable(),
  })
  .meta({ id: 'LearningRunResponse' });
export type LearningRunResponse = z.output<typeof LearningRunResponse>;

/** A body that may be left out. */
export const EmptyRequest = z.strictObject({}).meta({ id: 'EmptyRequest' });
export type EmptyRequest = z.output<typeof EmptyRequest>;

export const EXPORT_FORMAT = 'goalkeeper-lessons-1';
export const ExportedLesson = z.strictObject({
  kind: Kind,
  key: z.string().min(1).max(2_000),
  body: JsonRecord,
  tasks: z.array(z.string().max(200)).max(1_000),
  versions: z.record(z.string().max(200), z.string().max(200)),
  status: Status,
  digest: z.string().max(100).meta({ description: 'SHA-256 of kind, key, body, tasks and versions as canonical JSON' }),
});
export type ExportedLesson = z.output<typeof ExportedLesson>;
export const LessonExport = z
  .strictObject({ format: z.literal(EXPORT_FORMAT), exportedAt: Time, lessons: z.array(ExportedLesson) })
  .meta({
    id: 'LessonExport',
    description: 'All lessons that are not retired, without the goals that they come from; one on a line',
  });
export type LessonExport = z.output<typeof LessonExport>;
/** An export with its lessons left aside: they are read one after the other. */
export const LessonExportHead = LessonExport.extend({ lessons: z.array(z.never()) });

export const ImportResponse = z
  .object({
    imported: Count.meta({ description: 'They begin as candidates: goals of this tenant must bear them out' }),
    known: Count,
    refused: z
      .array(
        z.object({
          index: Count.meta({ description: 'Its place in `lessons`' }),
          line: Count.meta({ description: 'Line of the file on which it begins' }),
          gate: z.enum(['secret', 'capacity']),
          reason: z.string(),
        }),
      )
      .meta({ description: 'What was left out, and why; a file with faults is refused as a whole' }),
  })
  .meta({ id: 'LessonImport' });
export type ImportResponse = z.output<typeof ImportResponse>;

export const EraseRequest = z
  .strictObject({
    goalId: publicId('goal'),
    scope: z.enum(['memory', 'goal']).default('memory').meta({
      description:
        '`memory`: what it taught. `goal`: its own record too: words, plans, calls, findings, events; it must have ended',
    }),
  })
  .meta({ id: 'EraseRequest', description: 'The goals that it raised are erased with it' });
export type EraseRequest = z.output<typeof EraseRequest>;
export const ErasureReceipt = z
  .object({
    id: publicId('ers'),
    goalId: publicId('goal'),
    episodes: Count,
    lessons: Count,
    snapshots: Count,
    scope: z.enum(['memory', 'goal']),
    touched: z.record(z.string(), Count).meta({ description: 'Rows that were taken or emptied, by table' }),
    createdAt: Time,
  })
  .meta({ id: 'ErasureReceipt', description: 'That something was erased, without what it was' });
export type ErasureReceipt = z.output<typeof ErasureReceipt>;

export const SearchEpisodesQuery = z.strictObject({
  ...Page,
  q: z.string().max(500).optional().meta({ description: 'Words; other forms and near misses of them match too' }),
  task: z.string().max(200).optional(),
  outcome: z.enum(['verified', 'failed']).optional(),
});
export type SearchEpisodesQuery = z.output<typeof SearchEpisodesQuery>;
export const EpisodeView = z
  .object({
    id: publicId('epi'),
    goalId: publicId('goal'),
    objective: z.string(),
    task: z.string(),
    args: JsonRecord,
    outcome: z.enum(['verified', 'failed']),
    methods: z.record(z.string(), z.string()),
    why: z.array(z.string()).meta({ description: 'Why it matched' }),
    createdAt: Time,
  })
  .meta({ id: 'Episode', description: 'A finished goal that memory keeps' });
export type EpisodeView = z.output<typeof EpisodeView>;
export const EpisodePage = z.object({ data: z.array(EpisodeView), page: PageInfo }).meta({ id: 'EpisodePage' });
export type EpisodePage = z.output<typeof EpisodePage>;
