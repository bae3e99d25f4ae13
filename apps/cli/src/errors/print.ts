import { EXIT, type ExitCode } from '../exit-codes';
import type { Terminal } from '../io/terminal';
import { oneLine, safeLines } from '../text/sanitize';
import { paint, span, type Line } from '../text/spans';
import { CliError } from './cli-error';

/**
 * Tells the person what failed, why, the fix, and whether a repeat is safe; in JSON mode also one line of type
 * `error` on stdout.
 *
 * @returns how the command ends
 */
export function printError(error: unknown, terminal: Terminal, json: boolean): ExitCode {
  const known = error instanceof CliError ? error : unexpected(error);
  for (const line of errorLines(known)) terminal.err(paint(line, terminal.colour));
  const stack = error instanceof Error && terminal.env.GK_DEBUG ? (error.stack ?? '') : '';
  if (stack !== '') safeLines(stack).forEach((line) => terminal.err(line));
  if (json) {
    const { exitCode, ...details } = known.details;
    terminal.json({ type: 'error', message: known.message, ...details, exitCode });
  }
  return known.exitCode;
}

/** The error as lines: `error code: why`, places, fixes, advice. */
export function errorLines({ message, details }: CliError): Line[] {
  const { code, fix = [], places = [], repeat, traceId } = details;
  const docs = `goalkeeper help errors ${code}`;
  const tail = [repeat, `docs: ${docs}`, traceId ? `trace ${traceId}` : undefined].filter(Boolean).join(' · ');
  return [
    [span(`error ${oneLine(code)}`, 'red'), span(`: ${oneLine(message)}`)],
    ...places.map((place): Line => [span(`  at ${oneLine(place)}`)]),
    ...fix.map((text, index): Line => [span(index === 0 ? `  fix: ${oneLine(text)}` : `       ${oneLine(text)}`)]),
    [span(`  ${oneLine(tail)}`, 'dim')],
  ];
}

function unexpected(error: unknown): CliError {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const fix = ['Run it again with GK_DEBUG=1 and report what it prints'];
  return new CliError(message, { code: 'internal', exitCode: EXIT.error, fix });
}
