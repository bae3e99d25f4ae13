import { jsonLine } from '../text/sanitize';

/** `auto`: colour on a terminal unless NO_COLOR is set or TERM is `dumb`. */
export type ColourChoice = 'auto' | 'always' | 'never';

/** What a stream must offer; `process.stdout` does. */
export interface OutStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
  on?(event: 'resize', listener: () => void): unknown;
  off?(event: 'resize', listener: () => void): unknown;
}

export interface TerminalParts {
  readonly stdout: OutStream;
  readonly stderr: OutStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly now?: () => number;
  /** When the command began, in milliseconds after the process; 0 where the process was started for it. */
  readonly begunMs?: number;
}

/** The world of a command: where it writes, what it knows of the terminal, its environment. Data goes to stdout, the rest to stderr. */
export class Terminal {
  readonly env: TerminalParts['env'];
  /** Where the person stands; npm scripts run in the package's folder and tell this one apart. */
  readonly cwd: string;
  /** When the command began, in milliseconds after the process: time limits count from there. */
  readonly begunMs: number;
  private choice: ColourChoice = 'auto';

  constructor(private readonly parts: TerminalParts) {
    this.env = parts.env;
    this.begunMs = parts.begunMs ?? process.uptime() * 1000;
    this.cwd = (parts.env.npm_lifecycle_event === 'goalkeeper' ? parts.env.INIT_CWD : undefined) || parts.cwd;
  }

  /** One line of data. */
  out(line: string): void {
    this.parts.stdout.write(`${line}\n`);
  }

  /** One line for the person. */
  err(line: string): void {
    this.parts.stderr.write(`${line}\n`);
  }

  /** One value as a line of JSON on stdout. */
  json(value: unknown): void {
    this.out(jsonLine(value));
  }

  now(): number {
    return this.parts.now?.() ?? Date.now();
  }

  setColour(choice: ColourChoice): void {
    this.choice = choice;
  }

  /** May lines on stderr be coloured? */
  get colour(): boolean {
    return this.mayColour(this.parts.stderr);
  }

  /** May lines on stdout be coloured? */
  get colourOut(): boolean {
    return this.mayColour(this.parts.stdout);
  }

  /** Can a picture on stderr be redrawn in place? */
  get redraws(): boolean {
    return this.parts.stderr.isTTY === true && this.env.TERM !== 'dumb';
  }

  get screen(): OutStream {
    return this.parts.stderr;
  }

  /** Cells of a line on stdout: the terminal's, or plenty when it is a file. */
  get outColumns(): number {
    return this.parts.stdout.isTTY ? (this.parts.stdout.columns ?? 80) : 200;
  }

  private mayColour(stream: OutStream): boolean {
    if (this.choice !== 'auto') return this.choice === 'always';
    return stream.isTTY === true && !this.env.NO_COLOR && this.env.TERM !== 'dumb';
  }
}
