import { FairSlots } from './thread-slots';

const never = new AbortController().signal;
/** Lets everything that is due happen. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Asks for a turn and notes when it begins. */
function ask(slots: FairSlots, owner: string, begun: string[], signal = never): Promise<() => void> {
  return slots.take(owner, signal).then((giveBack) => {
    begun.push(owner);
    return giveBack;
  });
}

describe('FairSlots', () => {
  it('never gives out more than there are, and each to somebody in the end', async () => {
    const slots = new FairSlots(2);
    let running = 0;
    let most = 0;
    const one = async (owner: string): Promise<void> => {
      const giveBack = await slots.take(owner, never);
      most = Math.max(most, (running += 1));
      await settle();
      running -= 1;
      giveBack();
    };
    await Promise.all(Array.from({ length: 20 }, (_, index) => one(`tenant${index % 3}`)));
    expect([most, running]).toEqual([2, 0]);
  });

  it('lets one that asks for little pass a crowd of another', async () => {
    const slots = new FairSlots(2);
    const begun: string[] = [];
    const crowd = Array.from({ length: 10 }, () => ask(slots, 'crowd', begun));
    const guest = ask(slots, 'guest', begun);
    await settle();
    expect(begun).toEqual(['crowd', 'crowd']);
    (await crowd[0])?.();
    (await guest)();
    await settle();
    expect(begun).toEqual(['crowd', 'crowd', 'guest', 'crowd']);
  });

  it('frees one place however often it is given back', async () => {
    const slots = new FairSlots(1);
    const begun: string[] = [];
    const first = await ask(slots, 'a', begun);
    const others = [ask(slots, 'b', begun), ask(slots, 'c', begun)];
    first();
    first();
    await settle();
    expect(begun).toEqual(['a', 'b']);
    (await others[0])?.();
    await others[1];
    expect(begun).toEqual(['a', 'b', 'c']);
  });

  it('forgets who was called off, before and while it waits', async () => {
    const slots = new FairSlots(1);
    const begun: string[] = [];
    const first = await ask(slots, 'a', begun);
    const control = new AbortController();
    const gone = ask(slots, 'b', begun, control.signal);
    const last = ask(slots, 'c', begun);
    control.abort(new Error('cancelled'));
    await expect(gone).rejects.toThrow('cancelled');
    await expect(ask(slots, 'd', begun, control.signal)).rejects.toThrow('cancelled');
    first();
    await last;
    expect(begun).toEqual(['a', 'c']);
  });
});
