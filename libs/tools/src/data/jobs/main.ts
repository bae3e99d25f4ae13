import { serveJobs } from '../../process/serve-jobs';
import { openJob } from '../open/open-job';

serveJobs({ open: openJob });
