import type { MessagePort, TransferListItem, Worker } from 'node:worker_threads';

/**
 * After every activation the SDK asks the workflow's thread for the calls that the workflow made to sinks (its log lines), and
 * waits for the answer before it goes on: a second way there and back, as dear as the first, for something that is nearly always
 * nothing. Here the thread says so with the activation's own answer, and the question is answered on the spot.
 *
 * `install.ts` puts {@link answerForSilent} before the SDK's threads; `lean-vm.ts` puts {@link tellOfSilence} into them.
 */

/** What the SDK's worker sends to a thread. */
interface Request {
  readonly requestId: number;
  readonly input?: { readonly type: string; readonly runId?: string };
}

/** What a thread answers; `silent` is ours: the run that has no call for a sink waiting. */
interface Response {
  readonly requestId?: number;
  readonly result?: {
    readonly output?: { readonly type: string; readonly completion?: { readonly runId?: string | null } };
  };
  silent?: string;
}

/**
 * In the thread: marks each answer to an activation after which nothing waits for a sink.
 *
 * @param waiting how many calls a run has waiting; undefined when that cannot be seen, and the SDK asks as ever
 */
export function tellOfSilence(port: MessagePort, waiting: (runId: string) => number | undefined): void {
  const post = port.postMessage.bind(port) as (message: unknown, transfer?: readonly TransferListItem[]) => void;
  port.postMessage = (message: Response, transfer?: unknown) => {
    const output = message.result?.output;
    const runId = output?.type === 'activation-completion' ? output.completion?.runId : null;
    if (runId && waiting(runId) === 0) message.silent = runId;
    post(message, transfer as readonly TransferListItem[] | undefined);
  };
}

/** In the main thread: answers for the runs that are known to be silent, once for each activation. */
export function answerForSilent(thread: Worker): void {
  const silent = new Set<string>();
  thread.on('message', (message: Response) => {
    if (message.silent !== undefined) silent.add(message.silent);
  });
  const post = thread.postMessage.bind(thread) as (message: unknown, transfer?: readonly TransferListItem[]) => void;
  thread.postMessage = (request: Request, transfer?: unknown) => {
    const { type, runId = '' } = request.input ?? {};
    const isKnown = silent.delete(runId); // whatever is sent next, what was known of the run is no longer
    if (type === 'extract-sink-calls' && isKnown) {
      const answer = {
        requestId: request.requestId,
        result: { type: 'ok', output: { type: 'sink-calls', calls: [] } },
      };
      // Later, as every answer: the SDK notes its question only behind the sending.
      queueMicrotask(() => thread.emit('message', answer));
      return;
    }
    post(request, transfer as readonly TransferListItem[] | undefined);
  };
}
