import type { OutStream } from '../io/terminal';
import { type Line, lineWidth, paint } from '../text/spans';

const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
/** Terminals that know it show the whole frame at once; others pass over it. */
const BEGIN_FRAME = '\u001b[?2026h';
const END_FRAME = '\u001b[?2026l';
const CLEAR_LINE_END = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';

const REDRAW_MS = 125;
/** Wider pictures part the times from their steps too far to read across. */
const MAX_WIDTH = 110;

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** A picture on a terminal that is redrawn in place: each frame overwrites the lines of the last one that changed, without blanking. */
export class LivePicture {
  private shown: readonly Line[] = [];
  private texts: readonly string[] = [];
  private timer: NodeJS.Timeout | null = null;
  private readonly onResize = (): void => this.redraw();
  private readonly onExit = (): void => void this.screen.write(SHOW_CURSOR);

  constructor(
    private readonly screen: OutStream,
    private readonly colour: boolean,
    private readonly draw: (size: PictureSize) => readonly Line[],
  ) {}

  /** Draws, and goes on drawing a few times a second so that clocks run. */
  start(): void {
    this.screen.write(HIDE_CURSOR);
    this.screen.on?.('resize', this.onResize);
    process.on('exit', this.onExit);
    this.timer = setInterval(() => this.redraw(), REDRAW_MS);
    this.redraw();
  }

  redraw(): void {
    this.show(this.draw({ width: this.columns() - 1, height: Math.max(2, (this.screen.rows ?? 24) - 1) }));
  }

  /** Draws a last time, as tall as it takes, and leaves the picture standing. */
  end(): void {
    if (this.timer === null) return;
    clearInterval(this.timer);
    this.timer = null;
    this.screen.write(`\r${CLEAR_BELOW}`); // what was typed meanwhile, the ^C of an interruption
    this.screen.off?.('resize', this.onResize);
    process.off('exit', this.onExit);
    this.show(this.draw({ width: this.columns() - 1, height: Infinity }));
    this.screen.write(SHOW_CURSOR);
  }

  private columns(): number {
    return Math.min(this.screen.columns ?? 80, MAX_WIDTH + 1);
  }

  private show(lines: readonly Line[]): void {
    const texts = lines.map((line) => paint(line, this.colour));
    const up = this.rowsShown();
    const inPlace = up === this.shown.length;
    if (inPlace && texts.length === this.texts.length && texts.every((text, row) => text === this.texts[row])) return;
    const rows = texts.map((text, row) => (inPlace && text === this.texts[row] ? '\n' : `${text}${CLEAR_LINE_END}\n`));
    const back = up === 0 ? '' : `\u001b[${up}A\r`;
    this.screen.write(`${BEGIN_FRAME}${back}${rows.join('')}${CLEAR_BELOW}${END_FRAME}`);
    this.shown = lines;
    this.texts = texts;
  }

  /** Rows that the last frame takes now: a terminal made narrower has broken its longer lines. */
  private rowsShown(): number {
    const columns = this.screen.columns ?? 80;
    return this.shown.reduce((rows, line) => rows + Math.max(1, Math.ceil(lineWidth(line) / columns)), 0);
  }
}
