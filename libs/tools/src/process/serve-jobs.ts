import type { Json, JsonObject } from '@goalkeeper/domain';
import { ToolFailure } from '../definition';
import { cutMessage } from '../registry/messages';
import type { JobReply, JobRequest } from './job-protocol';

/** Does one job in the child process. `progress` reaches the caller's heartbeat. */
export type JobHandler = (input: JsonObject, progress: (value: Json) => void) => Promise<JsonObject>;

/** Serves one job over the IPC channel and exits; also exits when the parent has gone, so that no child outlives it. */
export function serveJobs(handlers: Readonly<Record<string, JobHandler>>): void {
  process.once('disconnect', () => process.exit(0));
  process.once('message', (request: JobRequest) => {
    void answer(handlers, request).then((reply) => {
      process.send?.(reply, undefined, undefined, () => process.exit(0));
    });
  });
}

async function answer(handlers: Readonly<Record<string, JobHandler>>, request: JobRequest): Promise<JobReply> {
  const handler = handlers[request.job];
  if (!handler) return { kind: 'defect', message: `no job is called ${request.job}` };
  const progress = (value: Json): void => {
    process.send?.({ kind: 'progress', progress: value } satisfies JobReply);
  };
  try {
    return { kind: 'done', value: await handler(request.input, progress) };
  } catch (error) {
    return describe(error);
  }
}

/** Messages are cut here already: one that quotes a statement over all columns has tens of megabytes. */
function describe(error: unknown): JobReply {
  if (error instanceof ToolFailure) {
    const { transient = false, details = {}, blame } = error.options;
    const told = { transient, details, ...(blame ? { blame } : {}) };
    return { kind: 'failure', code: error.code, message: cutMessage(error.message), ...told };
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (/Out of Memory Error/.test(text)) {
    const message = `The table does not fit the memory set aside for it. ${cutMessage(text.split('\n')[0] ?? '')}`;
    return { kind: 'failure', code: 'data.out_of_memory', message, transient: false, details: {} };
  }
  return { kind: 'defect', message: cutMessage(text) };
}
