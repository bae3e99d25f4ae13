import { serveJobs } from '../../process/serve-jobs';
import { aggregateJob } from '../aggregate/aggregate-job';
import { chartJob } from '../chart/chart-job';
import { openJob } from '../open/open-job';
import { profileJob } from '../profile/profile-job';
import { qualityJob } from '../quality/quality-job';
import { compareJob } from '../tables/compare-job';
import { cleanJob, joinJob } from '../tables/tables-job';

serveJobs({
  ...{ open: openJob, profile: profileJob, quality: qualityJob, aggregate: aggregateJob, chart: chartJob },
  ...{ clean: cleanJob, compare: compareJob, join: joinJob },
});
