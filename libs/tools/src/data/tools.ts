import type { ToolDefinition } from '../definition';
import { dataAggregate } from './aggregate/aggregate.tool';
import { dataChart } from './chart/chart.tool';
import { dataOpen, dataOpenTolerant } from './open/open.tool';
import { dataProfile } from './profile/profile.tool';
import { dataQuality } from './quality/quality.tool';
import { dataReport } from './report/report.tool';
import { dataClean, dataCompare, dataJoin } from './tables/tables.tools';

export const dataTools: readonly ToolDefinition[] = [
  dataOpen,
  dataOpenTolerant,
  dataProfile,
  dataQuality,
  dataAggregate,
  dataChart,
  dataReport,
  dataClean,
  dataCompare,
  dataJoin,
];
