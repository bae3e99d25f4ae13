import { EXIT } from '../exit-codes';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs work that Ctrl-C ends politely: the first signal aborts it, a second one ends the process at once.
 *
 * @param work must end soon after its signal fires
 */
export async function interruptible<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort(new Error('interrupted'));
  };
  SIGNALS.forEach((name) => process.on(name, onSignal));
  try {
    return await work(controller.signal);
  } finally {
    SIGNALS.forEach((name) => process.off(name, onSignal));
  }
}
