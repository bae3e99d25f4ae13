import { span } from '../text/spans';
import { LivePicture, type PictureSize } from './live-picture';

const screenOf = (columns: number, rows = 10) => {
  const written: string[] = [];
  return { written, columns, rows, write: (text: string) => written.push(text) };
};

describe('the live picture', () => {
  let sizes: PictureSize[];
  let texts: string[];
  const pictureOn = (screen: ReturnType<typeof screenOf>): LivePicture =>
    new LivePicture(screen, false, (size) => {
      sizes.push(size);
      return texts.map((text) => [span(text)]);
    });

  beforeEach(() => {
    jest.useFakeTimers();
    sizes = [];
    texts = ['head', 'step one'];
  });
  afterEach(() => jest.useRealTimers());

  it('writes only the lines that changed, and nothing when none did', () => {
    const screen = screenOf(80);
    const picture = pictureOn(screen);
    picture.start();
    screen.written.length = 0;
    picture.redraw();
    expect(screen.written).toEqual([]);
    texts = ['head', 'step two'];
    picture.redraw();
    expect(screen.written.join('')).toContain('step two');
    expect(screen.written.join('')).not.toContain('head');
    expect(screen.written.join('')).toContain('\u001b[2A');
    picture.end();
  });

  it('goes back over lines that a narrower terminal has broken, and draws all of them anew', () => {
    const screen = screenOf(80);
    texts = ['x'.repeat(70), 'step one'];
    const picture = pictureOn(screen);
    picture.start();
    screen.written.length = 0;
    screen.columns = 40;
    picture.redraw();
    expect(screen.written.join('')).toContain('\u001b[3A');
    expect(screen.written.join('')).toContain('step one');
    expect(sizes.at(-1)).toEqual({ width: 39, height: 9 });
    picture.end();
  });

  it('hides the cursor while it lives, runs its clock, and leaves a whole picture and a visible cursor', () => {
    const screen = screenOf(80);
    const picture = pictureOn(screen);
    picture.start();
    expect(screen.written[0]).toBe('\u001b[?25l');
    const drawn = sizes.length;
    jest.advanceTimersByTime(1000);
    expect(sizes.length).toBeGreaterThan(drawn);
    picture.end();
    expect(sizes.at(-1)?.height).toBe(Infinity);
    expect(screen.written.at(-1)).toBe('\u001b[?25h');
    const ended = sizes.length;
    jest.advanceTimersByTime(1000);
    expect(sizes).toHaveLength(ended);
  });
});
