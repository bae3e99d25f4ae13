/**
 * Tells a person (stderr text) or a program (stdout JSON lines) what is being set up and how far it is.
 * No colour and no rewriting of a line where there is no terminal or NO_COLOR is set.
 */
export function createReporter({
  json = false,
  stdout = process.stdout,
  stderr = process.stderr,
  env = process.env,
} = {}) {
  const fancy = !json && Boolean(stderr.isTTY) && !env.NO_COLOR && env.TERM !== 'dumb';
  let openLine = false;
  let held = null;
  const paint = (code, text) => (fancy ? `\u001b[${code}m${text}\u001b[0m` : text);
  const closeLine = () => {
    if (openLine) stderr.write('\r\u001b[K');
    openLine = false;
  };
  const emit = (level, step, message, fields) => {
    if (json) return void stdout.write(`${JSON.stringify({ type: 'setup', level, step, message, ...fields })}\n`);
    if (held) return void held.push([level, step, message, fields]);
    closeLine();
    const mark = { info: paint(36, '•'), done: paint(32, '✓'), warn: paint(33, '!'), error: paint(31, '✗') }[level];
    stderr.write(`${mark} ${step.padEnd(10)} ${message}\n`);
  };
  return {
    json,
    info: (step, message, fields) => emit('info', step, message, fields),
    done: (step, message, fields) => emit('done', step, message, fields),
    warn: (step, message, fields) => emit('warn', step, message, fields),
    error: (step, message, fields) => emit('error', step, message, fields),
    /** Another program draws on the terminal now: lines for people wait until `release`. */
    hold: () => void (held ??= fancy ? [] : null),
    release() {
      const waiting = held ?? [];
      held = null;
      for (const line of waiting) emit(...line);
    },
    /** A line for people only, as it stands. */
    text(line = '') {
      if (json) return;
      closeLine();
      stderr.write(`${line}\n`);
    },
    /** Passes on a record of another kind (goal, addresses) in JSON mode. */
    record: (value) => void (json && stdout.write(`${JSON.stringify(value)}\n`)),
    progress: (step) => createProgress({ step, emit, fancy, stderr, setOpen: (open) => (openLine = open) }),
  };
}

/** Progress of one long step: a rewritten line on a terminal, elsewhere a line at most every 10 s. */
function createProgress({ step, emit, fancy, stderr, setOpen }) {
  const started = Date.now();
  let last = '';
  let lastShown = 0;
  const show = () => {
    const seconds = Math.round((Date.now() - started) / 1000);
    const line = `${last || 'working'} (${formatSeconds(seconds)})`;
    if (fancy) {
      stderr.write(`\r\u001b[K… ${step.padEnd(10)} ${line}`.slice(0, (stderr.columns || 100) + 8));
      setOpen(true);
    } else if (Date.now() - lastShown >= 9_500) {
      lastShown = Date.now();
      emit('info', step, line, { elapsedSeconds: seconds });
    }
  };
  lastShown = started;
  const timer = setInterval(show, fancy ? 250 : 1_000);
  return {
    update(message) {
      last = message;
    },
    /** Ends the display; returns the seconds it took. */
    end() {
      clearInterval(timer);
      if (fancy) stderr.write('\r\u001b[K');
      setOpen(false);
      return Math.round((Date.now() - started) / 1000);
    },
  };
}

/** 75 → "1 min 15 s" */
export function formatSeconds(seconds) {
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
