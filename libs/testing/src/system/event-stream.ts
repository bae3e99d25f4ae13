import type { SystemClient } from './system-client';

export interface Frame {
  readonly id: number;
  readonly data: { readonly seq: number; readonly type: string };
}

/**
 * Reads a goal's live events until so many have arrived, then cuts the connection in the middle.
 *
 * @param after the last id that arrived before, sent as Last-Event-ID
 * @returns the frames, and whether the stream ended by itself
 */
export async function readStream(
  client: SystemClient,
  goalId: string,
  { after, atMost }: { after: number; atMost: number },
): Promise<{ frames: readonly Frame[]; ended: boolean }> {
  const cut = new AbortController();
  const response = await fetch(`${client.url}/v1/goals/${goalId}/events`, {
    signal: cut.signal,
    headers: {
      authorization: `Bearer ${client.token}`,
      accept: 'text/event-stream',
      ...(after > 0 ? { 'last-event-id': String(after) } : {}),
    },
  });
  if (response.status === 204 || !response.body) return { frames: [], ended: true };
  const frames: Frame[] = [];
  let text = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (text + chunk).split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const frame = parse(block);
      if (frame) frames.push(frame);
      if (frames.length < atMost) continue;
      cut.abort();
      return { frames, ended: false };
    }
  }
  return { frames, ended: true };
}

function parse(block: string): Frame | null {
  const fields = Object.fromEntries(
    block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  );
  return fields.id && fields.data ? { id: Number(fields.id), data: JSON.parse(fields.data) as Frame['data'] } : null;
}
