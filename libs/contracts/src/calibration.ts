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

/** `GET /v1/error-kinds`: how many failed calls are looked at. */
export const ErrorKindQuery = z.object({
  limit: z.coerce.number().int().min(1).max(20_000).default(2_000).meta({ description: 'Newest failed calls at most' }),
});
export type ErrorKindQuery = z.output<typeof ErrorKindQuery>;

export const ErrorKindList = z
  .object({
    data: z.array(
      z.object({
        signature: z.string(),
        template: z.string().meta({ description: 'The text with its particulars masked' }),
        tool: z.string(),
        code: z.string(),
        kind: z.enum(['explicit', 'silent']),
        duration: z.enum(['transient', 'permanent']),
        seen: z.int(),
        recoveries: z
          .array(z.object({ move: z.string(), successes: z.int(), failures: z.int() }))
          .meta({ description: 'What was done about it, and how often that helped' }),
      }),
    ),
  })
  .meta({ id: 'ErrorKindList', description: 'Failed calls by kind of error' });
export type ErrorKindList = z.output<typeof ErrorKindList>;
