import { serveJobs } from '../../process/serve-jobs';
import { tablesVerifyJob } from './tables-verify-job';
import { verifyJob } from './verify-job';

serveJobs({ verify: verifyJob, tables: tablesVerifyJob });
