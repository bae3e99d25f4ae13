import { runCli } from './cli';
import { Terminal } from './io/terminal';

/** The reader of our output has gone (`goalkeeper events ID | head`): there is nobody left to tell. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const { stdout, stderr, env } = process;
void runCli(process.argv.slice(2), new Terminal({ stdout, stderr, env, cwd: process.cwd(), begunMs: 0 })).then(
  (code) => {
    process.exitCode = code;
  },
);
