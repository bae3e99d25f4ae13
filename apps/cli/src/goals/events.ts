import type { GoalEvent } from '@goalkeeper/contracts';
import { ask, type Session } from '../config/session';
import { EXIT, type ExitCode } from '../exit-codes';
import { jsonLine } from '../text/sanitize';
import { truncate } from '../text/width';

const PAGE = 500;

/** `goalkeeper events ID`: every event that there is now, in order. */
export async function eventsCommand(session: Session, id: string, after: number): Promise<ExitCode> {
  const { terminal } = session;
  let position: number | null = after;
  while (position !== null) {
    const from: number = position;
    const { data, page } = await ask(session, (client) => client.listEvents(id, { after: from, limit: PAGE }));
    for (const event of data) {
      if (session.json) terminal.json(event);
      else terminal.out(truncate(eventLine(event), terminal.outColumns));
    }
    position = page.hasMore ? page.next : null;
  }
  return EXIT.ok;
}

function eventLine({ seq, time, type, data }: GoalEvent): string {
  return `${String(seq).padStart(4)}  ${new Date(time).toISOString()}  ${type.padEnd(22)}  ${jsonLine(data)}`;
}
