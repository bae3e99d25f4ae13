import type { DomainPack, ToolDescriptor } from '@goalkeeper/domain';
import type { PackList, ToolList } from '@goalkeeper/contracts';

export function toToolView(tool: ToolDescriptor): ToolList['data'][number] {
  const { name, version, summary, kind, effect, boundMs, timeoutMs, costUsd } = tool;
  return { name, version, summary, kind, effect, boundMs, timeoutMs, costUsd };
}

/** A pack without its methods and operators: what a client can ask for. */
export function toPackView({ name, version, summary, tasks }: DomainPack): PackList['data'][number] {
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
    })),
  };
}
