import type { JsonObject } from '@goalkeeper/domain';
import { type ToolDefinition, ToolFailure } from '@goalkeeper/tools';
import { z } from 'zod';

/**
 * Stands in for a tool that this worker does not have, as when a plug-in went away while a goal used it: calling it fails like any
 * other call, so that the goal can take another tool or plan anew.
 */
export function unknownTool(name: string): ToolDefinition {
  return {
    ...{
      name,
      version: '0.0.0',
      summary: 'Not installed here.',
      effect: 'pure',
      boundMs: 1,
      timeoutMs: 1_000,
      costUsd: 0,
    },
    input: z.custom<JsonObject>(),
    output: z.object({}),
    run: () => Promise.reject(new ToolFailure('tool.unknown', `No tool is called ${name} on this worker`)),
  };
}
