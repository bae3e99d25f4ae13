import { commandName } from '../text/command-name';
import { ask, type Session } from '../config/session';
import { EXIT, type ExitCode } from '../exit-codes';
import { paint, span } from '../text/spans';
import { GOAL_BADGES } from '../view/words';

export type SteerKind = 'cancel' | 'pause' | 'resume';

/** `goalkeeper cancel|pause|resume ID`: asks the goal, and tells how it stands after at most two seconds. */
export async function steerCommand(
  session: Session,
  { id, kind, reason }: { readonly id: string; readonly kind: SteerKind; readonly reason: string },
): Promise<ExitCode> {
  const goal = await ask(session, (client) => client.command(id, kind, reason));
  const { terminal } = session;
  if (session.json) terminal.json(goal);
  else {
    const { glyph, word, style } = GOAL_BADGES[goal.state];
    terminal.out(paint([span(`${glyph} ${word}`, style), span(`  ${goal.id}`)], terminal.colourOut));
    if (goal.finishedAt === null) terminal.err(`asked to ${kind}; see it happen: ${commandName()} watch ${goal.id}`);
  }
  return EXIT.ok;
}
