import { afterEach, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { listenAnywhere } from './network/listen-anywhere.js';
import { createShapedNetwork, type NetworkShape, type ShapedNetwork } from './network/shaped-network.js';

const perConnection = { setUpFor: 'connection' } as const;

const ends: (() => Promise<unknown>)[] = [];

/** On a busy machine single times are late, never early. The shortest of several shows the network. */
const quickest = (timesMs: readonly number[]): number => Math.min(...timesMs);

/** Asserts that no time is early. How late a time is depends on the machine. */
function assertTakes(timesMs: readonly number[], expectedMs: number): void {
  const timeMs = quickest(timesMs);
  assert.ok(timeMs > expectedMs * 0.93, `${timeMs.toFixed(1)} ms for ${expectedMs} ms`);
}

/** Repeats until one response takes less than `limitMs`. On a busy machine most are late, but not all. */
async function quickestOf(askOnce: () => Promise<number>, limitMs: number): Promise<number[]> {
  const timesMs = [await askOnce()];
  while (quickest(timesMs) >= limitMs && timesMs.length < 100) timesMs.push(await askOnce());
  assert.ok(quickest(timesMs) < limitMs, `${quickest(timesMs).toFixed(1)} ms is not below ${limitMs} ms`);
  return timesMs;
}

async function shapeEcho(shape: NetworkShape, answer: (bytes: Buffer) => Buffer): Promise<number> {
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    socket.on('data', (bytes: Buffer) => socket.write(answer(bytes)));
    socket.on('error', () => socket.destroy());
  });
  const port = await listenAnywhere(server);
  const network = createShapedNetwork(shape);
  const origin = await network.reach(port);
  ends.push(() => stop(network, server));
  return Number(new URL(origin).port);
}

async function stop(network: ShapedNetwork, server: Server): Promise<void> {
  await network.close();
  await new Promise((resolve) => server.close(resolve));
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  return socket;
}

/** Sends a byte and waits for the given number of bytes. Returns the milliseconds since `sinceMs`. */
async function ask(socket: Socket, bytes = 1, sinceMs = performance.now()): Promise<number> {
  socket.write('?');
  let received = 0;
  while (received < bytes) {
    const [piece] = (await once(socket, 'data')) as [Buffer];
    received += piece.length;
  }
  return performance.now() - sinceMs;
}

describe('the shaped network', () => {
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });

  it('delays a response by the round trip', async () => {
    const shape = { roundTripMs: 40, bitsPerSecond: 20_000_000, setUpRoundTrips: 0, ...perConnection };
    const socket = await open(await shapeEcho(shape, (bytes) => bytes));
    const timesMs: number[] = [];
    for (let index = 0; index < 12; index += 1) timesMs.push(await ask(socket));
    socket.destroy();
    assertTakes(timesMs, 40);
  });

  it('holds a new connection for the round trips of its set-up, and not afterwards', async () => {
    const shape = { roundTripMs: 40, bitsPerSecond: 20_000_000, setUpRoundTrips: 2, ...perConnection };
    const port = await shapeEcho(shape, (bytes) => bytes);
    const firstMs: number[] = [];
    for (let index = 0; index < 4; index += 1) {
      // The set-up begins when the proxy accepts the connection, which may be long before `open` resolves.
      const connectMs = performance.now();
      const socket = await open(port);
      firstMs.push(await ask(socket, 1, connectMs));
      socket.destroy();
    }
    assertTakes(firstMs, 120);
    const askPreconnected = async (): Promise<number> => {
      const preconnected = await open(port);
      await sleep(120);
      const timeMs = await ask(preconnected);
      preconnected.destroy();
      return timeMs;
    };
    assertTakes(await quickestOf(askPreconnected, 110), 40);
  });

  it('has one set-up per origin while a connection to it is open', async () => {
    const shape = {
      roundTripMs: 40,
      bitsPerSecond: 20_000_000,
      setUpRoundTrips: 2,
      setUpFor: 'origin',
    } as const;
    const port = await shapeEcho(shape, (bytes) => bytes);
    const first = await open(port);
    await ask(first);
    const askLater = async (): Promise<number> => {
      const later = await open(port);
      const timeMs = await ask(later);
      later.destroy();
      return timeMs;
    };
    assertTakes(await quickestOf(askLater, 110), 40);
    first.destroy();
    // The network notices the last close a little later.
    let againMs = 0;
    for (let tries = 0; tries < 100 && againMs <= 117; tries += 1) {
      await sleep(60);
      againMs = await askLater();
    }
    assert.ok(againMs > 117, `after all had closed it took ${againMs.toFixed(1)} ms`);
  });

  it('has the given bandwidth and shares it between connections', async () => {
    const bytes = 250_000;
    const port = await shapeEcho(
      { roundTripMs: 0, bitsPerSecond: 20_000_000, setUpRoundTrips: 0, ...perConnection },
      () => Buffer.alloc(bytes),
    );
    const [one, two] = await Promise.all([open(port), open(port)]);
    assertTakes([await ask(one, bytes), await ask(one, bytes)], 100);
    const bothMs = await Promise.all([ask(one, bytes), ask(two, bytes)]);
    for (const each of bothMs) assert.ok(each > 185, `250 kB of 500 took ${each.toFixed(1)} ms`);
    one.destroy();
    two.destroy();
  });

  it('forwards the end of a connection', async () => {
    const shape = { roundTripMs: 10, bitsPerSecond: 20_000_000, setUpRoundTrips: 0, ...perConnection };
    const socket = await open(await shapeEcho(shape, (bytes) => bytes));
    await ask(socket);
    socket.end();
    await once(socket, 'close');
  });
});
