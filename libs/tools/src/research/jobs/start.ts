import { join } from 'node:path';
import type { JsonObject } from '@goalkeeper/domain';
import type { ToolContext } from '../../definition';
import { runJob } from '../../process/run-job';

/** Runs one of the research jobs in a child process. */
export function startJob(job: string, input: JsonObject, context: ToolContext): Promise<JsonObject> {
  return runJob({ entry: join(__dirname, 'main'), job, input, signal: context.signal, heartbeat: context.heartbeat });
}
