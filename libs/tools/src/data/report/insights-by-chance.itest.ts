import type { JsonObject } from '@goalkeeper/domain';
import { seededRandom } from '@goalkeeper/domain';
import { type LocalRoom, localRoom } from '../testing/local-room';
import { broken, runPlan, verifyRun } from '../testing/run-plan';

jest.setTimeout(180_000);

let room: LocalRoom;
beforeAll(() => (room = localRoom()));
afterAll(() => room.remove());

const insightsIn = (html: string): string =>
  (/<section id="insights">([\s\S]*?)<\/section>/.exec(html)?.[1] ?? '').replace(/<[^>]+>/g, '');
const day = (index: number): string => new Date(Date.UTC(2024, 0, 1 + index)).toISOString().slice(0, 10);

async function report(name: string, lines: readonly string[], asking: JsonObject = {}): Promise<string> {
  room.write(name, lines.join('\n'));
  const run = await runPlan(room, name, asking);
  expect(broken(await verifyRun(room, run, { source: name }))).toEqual([]);
  return insightsIn(run.html);
}

describe('what chance makes is no insight', () => {
  it.each([3, 17, 101])('no difference, course or relation is told of noise, seed %i', async (seed) => {
    const random = seededRandom(seed);
    const lines = Array.from({ length: 180 }, (_, index) => {
      const [shop, kind] = [Math.floor(random() * 4), Math.floor(random() * 3)];
      return `${day(index)},shop ${shop},kind ${kind},${(random() * 100).toFixed(3)},${(random() * 9).toFixed(3)}`;
    });
    const told = await report(`noise-${seed}.csv`, ['day,shop,kind,amount,weight', ...lines]);
    expect(told).not.toMatch(/differs|is largely told|(moves|clearly|rise|fall) over time|together|opposite/);
  });

  it('says so of the groups that were asked for', async () => {
    const random = seededRandom(7);
    const lines = Array.from({ length: 180 }, () => `shop ${Math.floor(random() * 4)},${(random() * 100).toFixed(3)}`);
    const told = await report('asked.csv', ['shop,amount', ...lines], { by: 'shop' });
    expect(told).toContain('amount differs no more than by chance by shop');
  });

  it('makes no course and no relation of one far value', async () => {
    const random = seededRandom(5);
    const lines = Array.from({ length: 200 }, (_, index) => {
      const isFar = index === 150;
      return `${day(index)},${isFar ? 90_000 : (random() * 10).toFixed(3)},${isFar ? 70_000 : (random() * 10).toFixed(3)}`;
    });
    const told = await report('far.csv', ['day,amount,weight', ...lines]);
    expect(told).not.toMatch(/(moves|clearly|rise|fall) over time|together/);
  });
});

it('tells what chance does not make: a difference, a course, a relation', async () => {
  const random = seededRandom(11);
  const lines = Array.from({ length: 300 }, (_, index) => {
    const amount = index / 10 + random() * 10 + (index % 3) * 15;
    return `${day(index)},shop ${index % 3},${amount.toFixed(3)},${(amount * 2 + random() * 4).toFixed(3)}`;
  });
  const told = await report('real.csv', ['day,shop,amount,weight', ...lines]);
  expect(told).toMatch(/(differs clearly|is largely told) by shop/);
  expect(told).toMatch(/tends to rise over time|changes clearly over time/);
  expect(told).toContain('rise and fall together');
});
