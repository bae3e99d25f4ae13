import { serveJobs } from '../../process/serve-jobs';
import { readJob } from './read-job';
import { reviewJob } from './review-job';

serveJobs({ read: readJob, review: reviewJob });
