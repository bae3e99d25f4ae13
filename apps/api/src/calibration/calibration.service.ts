import { Inject, Injectable } from '@nestjs/common';
import type { CalibrationQuery, CalibrationResponse, ErrorKindList } from '@goalkeeper/contracts';
import { type CalibrationReport, calibrationReport, errorKinds, fitCalibration } from '@goalkeeper/domain';
import {
  CalibrationRepository,
  type Database,
  type EndedDecision,
  type EntityManager,
  ErrorRepository,
} from '@goalkeeper/persistence';
import type { Logger } from '@goalkeeper/platform';
import { DATABASE, LOG } from '../core/tokens';

/** Decisions that a map is fitted from at most: the newest. */
const FIT_FROM = 5_000;

/** How good stated probabilities were, and the map that makes them better. */
@Injectable()
export class CalibrationService {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  async report(tenantId: string, { limit, tool }: CalibrationQuery): Promise<CalibrationResponse> {
    return this.database.tenant(tenantId, (tx) => readReport(tx, limit, tool ?? null));
  }

  /**
   * Fits the map anew from the newest decisions, and reports. Where a map foretells no better than none, probabilities are
   * taken as they are.
   */
  async fit(tenantId: string): Promise<CalibrationResponse> {
    return this.database.tenant(tenantId, async (tx) => {
      const calibration = new CalibrationRepository(tx);
      const ended = await calibration.ended(FIT_FROM);
      const none = { knots: [], decisions: ended.length };
      await calibration.save(fitCalibration(ended) ?? none);
      return readReport(tx, FIT_FROM, null);
    });
  }

  /** The newest failed calls by kind of error, with what helped. */
  async errors(tenantId: string, limit: number): Promise<ErrorKindList> {
    const seen = await this.database.tenant(tenantId, (tx) => new ErrorRepository(tx).seen(limit));
    return {
      data: errorKinds(seen).map((kind) => ({ ...kind, recoveries: kind.recoveries.map((one) => ({ ...one })) })),
    };
  }

  /** Fits every tenant's map that has something new to learn from; one that cannot be fitted keeps no other from it. */
  async fitAll(): Promise<void> {
    const due = await this.database.system((tx) => new CalibrationRepository(tx).due());
    for (const tenantId of due)
      await this.fit(tenantId).catch((error: unknown) =>
        this.log.warn({ err: error, tenantId }, 'calibration.not_fitted'),
      );
  }
}

async function readReport(tx: EntityManager, limit: number, tool: string | null): Promise<CalibrationResponse> {
  const calibration = new CalibrationRepository(tx);
  const ended = await calibration.ended(limit, tool);
  const stored = await calibration.current();
  const told = ended.map(({ confidence, worked }) => ({ stated: confidence, worked }));
  return {
    confidence: viewOf(calibrationReport(told)),
    uncalibrated: viewOf(calibrationReport(ended)),
    tools: byTool(ended),
    map: stored && {
      knots: stored.map.knots.map((knot) => ({ ...knot })),
      decisions: stored.map.decisions,
      fittedAt: stored.fittedAt.toISOString(),
    },
  };
}

function viewOf(report: CalibrationReport): CalibrationResponse['confidence'] {
  return { ...report, bins: report.bins.map((bin) => ({ ...bin })) };
}

function byTool(ended: readonly EndedDecision[]): CalibrationResponse['tools'] {
  return [...new Set(ended.map(({ tool }) => tool))].sort().map((tool) => {
    const own = ended.filter((decision) => decision.tool === tool);
    const report = calibrationReport(own.map(({ confidence, worked }) => ({ stated: confidence, worked })));
    const stated = own.reduce((sum, { confidence }) => sum + confidence, 0) / own.length;
    return { tool, decisions: own.length, brier: report.brier, stated, seen: report.baseRate };
  });
}
