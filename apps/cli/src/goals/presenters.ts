import type { GoalEvent } from '@goalkeeper/contracts';
import type { Terminal } from '../io/terminal';
import { oneLine } from '../text/sanitize';
import { changeLines } from '../view/lines';
import { LivePicture } from '../view/live-picture';
import type { GoalView } from '../view/model';
import { type Connection, render } from '../view/render';

/** Shows a goal that is followed. */
export interface Presenter {
  begin(view: GoalView): void;
  event(event: GoalEvent, after: GoalView): void;
  /** Told when the stream has been broken for a while, and when it is back. */
  connection(connection: Connection, cause: string): void;
  end(): void;
}

/** A picture on a terminal, redrawn in place. */
export function pictureOf(terminal: Terminal, view: GoalView): Presenter {
  let current = view;
  let link: Connection = { kind: 'live' };
  const picture = new LivePicture(terminal.screen, terminal.colour, (size) =>
    render(current, { ...size, nowMs: terminal.now(), connection: link }),
  );
  return {
    begin: () => picture.start(),
    event: (_event, after) => void (current = after), // drawn with the next beat: a burst of events is one frame
    connection: (connection) => void (link = connection),
    end: () => picture.end(),
  };
}

/** One line a change on stderr. */
export function linesOf(terminal: Terminal): Presenter {
  let current: GoalView | null = null;
  return {
    begin: (view) => void (current = view),
    event: (_event, after) => {
      if (current) changeLines(current, after).forEach((line) => terminal.err(line));
      current = after;
    },
    connection: (connection, cause) => terminal.err(connectionText(connection, cause)),
    end: () => undefined,
  };
}

/** Each event as a line of JSON on stdout; what is no event goes to stderr. */
export function jsonOf(terminal: Terminal): Presenter {
  return {
    begin: () => undefined,
    event: (event) => terminal.json(event),
    connection: (connection, cause) => terminal.err(connectionText(connection, cause)),
    end: () => undefined,
  };
}

/** Shows nothing but a broken connection. */
export function silent(terminal: Terminal): Presenter {
  return { ...jsonOf(terminal), event: () => undefined };
}

function connectionText(connection: Connection, cause: string): string {
  if (connection.kind === 'live') return 'connection is back';
  return `connection lost (${oneLine(cause)}); trying again, the goal goes on`;
}
