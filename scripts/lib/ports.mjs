import { connect, createServer } from 'node:net';

/** True when nothing on loopback listens on the port and it can be bound. */
export function isFree(port, host = '127.0.0.1') {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** True when something accepts TCP connections there. */
export function isListening(port, host = '127.0.0.1', timeoutMs = 1_000) {
  return new Promise((resolve) => {
    const socket = connect({ port, host });
    const end = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(timeoutMs, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

const handedOut = new Set();

/**
 * A port on loopback: the preferred one when it is free on both address families, else any free one below 32768
 * (Temporal on PostgreSQL stores ports as int2). Never hands out the same port twice in one process.
 */
export async function pickPort(preferred) {
  if (
    preferred &&
    !handedOut.has(preferred) &&
    (await isFree(preferred)) &&
    !(await isListening(preferred, '::1', 200))
  ) {
    handedOut.add(preferred);
    return preferred;
  }
  for (let attempt = 0; attempt < 500; attempt += 1) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (handedOut.has(port) || !(await isFree(port))) continue;
    handedOut.add(port);
    return port;
  }
  throw new Error('No free port found between 20000 and 32000 on 127.0.0.1');
}
