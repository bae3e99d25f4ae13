import type { ToolDescriptor } from '@goalkeeper/domain';
import type { ToolDefinition } from '../definition';

/** What planning, selection and the workflow need to know of a tool, without its code. */
export function toDescriptor(tool: ToolDefinition, kind: ToolDescriptor['kind']): ToolDescriptor {
  const { name, version, summary, effect, boundMs, timeoutMs, costUsd, outside } = tool;
  return { name, version, summary, kind, effect, boundMs, timeoutMs, costUsd, ...(outside ? { outside } : {}) };
}
