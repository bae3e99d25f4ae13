import { parentPort, workerData } from 'node:worker_threads';
import { trainHere, type TrainingRequest } from './train-in-thread';

/** The other side of `trainInThread`: one training, then the end of the thread. */
parentPort?.postMessage(trainHere(workerData as TrainingRequest));
