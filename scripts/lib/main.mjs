import { SetupError } from './errors.mjs';
import { createReporter } from './reporter.mjs';

/** Runs a script's body with Ctrl-C as an AbortSignal, and shows failures in the way they deserve. */
export async function main(body, { json = false } = {}) {
  const reporter = createReporter({ json });
  const controller = new AbortController();
  let first = 0;
  const interrupt = (name) => {
    // npm passes Ctrl-C on although the terminal has sent it already: the echo is not a second one
    if (controller.signal.aborted && Date.now() - first < 800) return;
    if (controller.signal.aborted) process.exit(130);
    first = Date.now();
    process.exitCode = name === 'SIGINT' ? 130 : 143;
    controller.abort(
      new SetupError('Interrupted. What was set up stays: the next run goes on from there.', {
        exitCode: process.exitCode,
      }),
    );
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => interrupt(name));
  try {
    const code = await body({ reporter, signal: controller.signal });
    process.exitCode = code ?? process.exitCode ?? 0;
  } catch (error) {
    showFailure(reporter, controller.signal.aborted ? controller.signal.reason : error);
  }
  process.exit(process.exitCode);
}

function showFailure(reporter, error) {
  if (error instanceof SetupError) {
    reporter.error('stopped', error.message, error.hint ? { hint: error.hint } : {});
    if (error.hint) reporter.text(`  What to do: ${error.hint}`);
    process.exitCode = error.exitCode;
  } else {
    reporter.error('failed', error?.stack ?? String(error));
    process.exitCode = 1;
  }
}
