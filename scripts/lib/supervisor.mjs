import { existsSync, readFileSync } from 'node:fs';
import { SetupError } from './errors.mjs';
import { endRecorded, isSameProcess, signalGroup, sleep, startTime } from './proc.mjs';

/** First wait before a restart, doubled each time a part dies young, and its limits in milliseconds. */
const BACKOFF = { first: 100, most: 15_000, healthyAfter: 20_000 };

/** How long to wait before restart number `deaths` in a row (1 = the first). */
export const backoffMs = (deaths) => Math.min(BACKOFF.most, BACKOFF.first * 2 ** (deaths - 1));

/**
 * Keeps parts running. A part is {name, start(): ChildProcess, ready(): Promise<boolean>, readyMs, log, signal?, graceMs?, prepare?()}.
 * Parts start in the given order, each when the one before is ready, and stop in reverse order. `onChange(children)`
 * sees every change of pids as [{name, pid, started}].
 */
export function createSupervisor({ reporter, onChange = () => {} }) {
  const parts = [];
  let stopping = false;
  const children = () => parts.filter((part) => part.record).map((part) => ({ name: part.name, ...part.record }));

  const launch = (part) => {
    const child = part.start();
    part.launchedAt = Date.now();
    part.record = { pid: child.pid, started: child.pid ? startTime(child.pid) : null };
    onChange(children());
    child.once('error', (error) => onDeath(part, child.pid, `could not be started: ${error.message}`));
    child.once('exit', (code, signal) =>
      onDeath(part, child.pid, signal ? `was ended by ${signal}` : `ended with code ${code}`),
    );
  };

  const onDeath = (part, pid, how) => {
    if (part.deadPid === (pid ?? 'none') && pid !== undefined) return;
    part.deadPid = pid ?? 'none';
    if (pid) signalGroup(pid, 'SIGKILL'); // what it left behind in its group
    part.record = null;
    onChange(children());
    part.lastDeath = how;
    if (stopping || part.ending) return;
    part.deaths = Date.now() - part.launchedAt > BACKOFF.healthyAfter ? 1 : part.deaths + 1;
    part.restarts += 1;
    const wait = backoffMs(part.deaths);
    if (part.isUp || part.deaths > 1) {
      reporter.warn(
        part.name,
        `process ${pid ?? ''} ${how}; starting it again in ${wait / 1000} s (log: ${part.log})`,
        { event: 'restart', pid },
      );
    }
    part.timer = setTimeout(() => !stopping && launch(part), wait);
  };

  /** Starts one part and waits until it is ready; throws with the end of its log when it does not come up. */
  const add = async (definition) => {
    const part = { readyMs: 60_000, graceMs: 8_000, deaths: 0, restarts: 0, isUp: false, ...definition };
    parts.push(part);
    launch(part);
    const end = Date.now() + part.readyMs;
    while (!(part.record && (await part.ready()))) {
      if (stopping) throw new SetupError('Interrupted.', { exitCode: 130 });
      if (part.deaths >= 4) throw notUp(part, part.lastDeath);
      if (Date.now() > end) throw notUp(part, `did not become ready within ${part.readyMs / 1000} s`);
      await sleep(50);
    }
    part.isUp = true;
    part.deaths = 0;
  };

  /** Stops every part, the last started first; `force()` ends them at once. */
  const stop = async () => {
    stopping = true;
    for (const part of [...parts].reverse()) {
      clearTimeout(part.timer);
      const { record } = part;
      if (!record) continue;
      await (part.end ? part.end(record) : endRecorded(record, part));
      signalGroup(record.pid, 'SIGKILL');
      part.record = null;
      onChange(children());
    }
  };

  const force = () => {
    stopping = true;
    for (const { record } of [...parts].reverse())
      if (record && isSameProcess(record)) signalGroup(record.pid, 'SIGKILL');
  };

  return { add, stop, force, children, restarts: (name) => parts.find((part) => part.name === name)?.restarts ?? 0 };
}

function notUp(part, why) {
  const tail = existsSync(part.log)
    ? readFileSync(part.log, 'utf8').trimEnd().split('\n').slice(-15).join('\n')
    : '(no log)';
  return new SetupError(`The part "${part.name}" did not start: it ${why}. End of ${part.log}:\n${tail}`, {
    hint: part.hint ?? 'Correct what the log says and run the same command again.',
  });
}
