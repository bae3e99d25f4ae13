import { z } from 'zod';

/** `GET /v1/calibration`: which decisions are looked at. */
export const CalibrationQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100_000).default(10_000).meta({ description: 'Newest decisions at most' }),
  tool: z.string().min(1).max(200).optional().meta({ description: 'Only decisions for this tool' }),
});
export type CalibrationQuery = z.output<typeof CalibrationQuery>;

const Share = z.number().nullable();

export const ReliabilityView = z
  .object({
    decisions: z.int(),
    baseRate: Share.meta({ description: 'Share of the calls that worked' }),
    brier: Share.meta({ description: 'Mean squared distance of what was stated from what happened; 0 is perfect' }),
    baseBrier: Share.meta({ description: 'The same for always stating the base rate' }),
    skill: Share.meta({ description: '1 − brier / baseBrier; above 0 is better than the base rate' }),
    reliabilityError: Share.meta({ description: 'Expected calibration error over the rows of the table' }),
    bins: z.array(z.object({ from: z.number(), to: z.number(), decisions: z.int(), stated: Share, seen: Share })),
  })
  .meta({ id: 'Reliability', description: 'Stated probabilities against what happened' });

export const CalibrationResponse = z
  .object({
    confidence: ReliabilityView.meta({ description: 'The confidence as it was told' }),
    uncalibrated: ReliabilityView.meta({ description: 'The probability behind it, before the calibration map' }),
    tools: z.array(z.object({ tool: z.string(), decisions: z.int(), brier: Share, stated: Share, seen: Share })),
    map: z
      .object({
        knots: z.array(z.object({ stated: z.number(), seen: z.number() })),
        decisions: z.int(),
        fittedAt: z.iso.datetime({ offset: true }),
      })
      .nullable()
      .meta({ description: 'The calibration in force; null: probabilities are taken as they are' }),
  })
  .meta({ id: 'Calibration' });
export type CalibrationResponse = z.output<typeof CalibrationResponse>;
