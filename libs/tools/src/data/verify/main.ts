import { serveJobs } from '../../process/serve-jobs';
import { answerJob } from './answer-job';
import { tablesVerifyJob } from './tables-verify-job';
import { verifyJob } from './verify-job';

serveJobs({ answer: answerJob, verify: verifyJob, tables: tablesVerifyJob });
