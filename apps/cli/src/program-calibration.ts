import type { Command } from 'commander';
import type { CalibrationOptions } from './learning/calibration';
import { type Options, type ProgramParts, withCommon } from './program-parts';
import { positive } from './program-values';

/** `goalkeeper calibration`. */
export function addCalibrationCommand(program: Command, { terminal, commands, end }: ProgramParts): void {
  withCommon(
    program.command('calibration').description('how good stated confidences were: reliability, Brier score, skill'),
  )
    .option('--tool <name>', 'only decisions for this tool')
    .option('--limit <n>', 'newest decisions at most', positive)
    .option('--fit', 'fit the calibration anew from the newest decisions first')
    .action(async (flags: Options<CalibrationOptions>) => {
      end(await commands().calibration(terminal, flags, flags));
    });
}
