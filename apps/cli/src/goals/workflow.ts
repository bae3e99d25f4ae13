import { plural } from '@goalkeeper/domain';
import { ask, type Session } from '../config/session';
import { EXIT, type ExitCode } from '../exit-codes';
import { oneLine } from '../text/sanitize';
import { table } from '../text/table';

/** `goalkeeper workflow ID`: what the engine and the running workflow say, and where to look. */
export async function workflowCommand(session: Session, id: string): Promise<ExitCode> {
  const { terminal } = session;
  const flow = await ask(session, (client) => client.getWorkflow(id));
  if (session.json) {
    terminal.json(flow);
    return EXIT.ok;
  }
  const rows: (readonly [string, string | null])[] = [
    ['workflow', flow.workflowId],
    ['run', flow.runId],
    ['status', flow.status],
    ['task queue', flow.taskQueue],
    ['history', flow.historyLength === null ? null : plural(flow.historyLength, 'event')],
    ['started', flow.startedAt],
    ['closed', flow.closedAt],
    ['web UI', flow.ui],
    ['answer', flow.queryError === null ? null : `none: ${flow.queryError}`],
  ];
  for (const [name, value] of rows) if (value !== null) terminal.out(`${name.padEnd(12)}${oneLine(value)}`);
  if (flow.query) {
    const { state, revision, progress, callsMade, steps } = flow.query;
    terminal.out(
      `${'says'.padEnd(12)}${state}, plan r${revision}, ${Math.round(progress * 100)} %, ${plural(callsMade, 'tool call')}`,
    );
    const lines = table(
      ['', 'STEP', 'STATE'],
      steps.map((step) => ['', step.label, step.state]),
    );
    if (steps.length > 0) lines.forEach((line) => terminal.out(line));
  }
  return EXIT.ok;
}
