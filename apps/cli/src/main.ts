import { runCli } from './cli';
import { CliError } from './errors/cli-error';
import { printError } from './errors/print';
import { EXIT } from './exit-codes';
import { Terminal } from './io/terminal';

const { stdout, stderr, env } = process;

/** The reader of our output has gone (`goalkeeper events ID | head`): there is nobody left to tell. */
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  const fix = ['make room there, or send the output elsewhere'];
  const told = new CliError(`The output cannot be written: ${error.message}`, {
    code: 'file.unreadable',
    exitCode: EXIT.error,
    fix,
  });
  process.exit(printError(told, new Terminal({ stdout, stderr, env, cwd: process.cwd() }), false));
});
stderr.on('error', () => undefined); // where even that cannot be told, the exit code still says how it ended

void runCli(process.argv.slice(2), new Terminal({ stdout, stderr, env, cwd: process.cwd(), begunMs: 0 })).then(
  (code) => {
    process.exitCode = code;
  },
);
