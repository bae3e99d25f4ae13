import { serveJobs } from '../../process/serve-jobs';
import { verifyJob } from './verify-job';

serveJobs({ verify: verifyJob });
