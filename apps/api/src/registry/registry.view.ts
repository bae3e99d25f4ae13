import { type DomainPack, offerOf, type ToolDescriptor } from '@goalkeeper/domain';
import type { PackList, ToolList } from '@goalkeeper/contracts';

export function toToolView(tool: ToolDescriptor): ToolList['data'][number] {
  const { name, version, summary, kind, effect, boundMs, timeoutMs, costUsd } = tool;
  return { name, version, summary, kind, effect, boundMs, timeoutMs, costUsd };
}

/**
 * A pack without its methods and operators: what a client can ask for, and what not for lack of tools.
 *
 * @param tools names of the tools that are installed
 */
export function toPackView(pack: DomainPack, tools: readonly string[]): PackList['data'][number] {
  const { name, version, summary, tasks } = pack;
  const { unavailable } = offerOf([pack], tools);
  const barOf = (task: string): { available: boolean; reason?: string } => {
    const bar = unavailable.find((one) => one.task === task);
    return bar ? { available: false, reason: bar.reason } : { available: true };
  };
  return {
    name,
    version,
    summary,
    tasks: tasks.map((task) => ({
      name: task.name,
      summary: task.summary,
      params: task.params.map((param) => ({
        name: param.name,
        type: param.type,
        required: param.required ?? false,
        ...(param.default === undefined ? {} : { default: param.default }),
        ...(param.summary === undefined ? {} : { summary: param.summary }),
      })),
      phrasings: [...task.phrasings],
      ...barOf(task.name),
    })),
  };
}
