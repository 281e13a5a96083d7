import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, createServer, request, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { DrainingServer } from '../../packages/server/src/serve/drain-server.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.closeAllConnections();
});

async function start(answer: (end: () => void) => void = (end) => end()) {
  const server = createServer({ connectionsCheckingInterval: 1000 }, (_, response) => {
    answer(() => response.end('ok'));
  });
  servers.push(server);
  const draining = new DrainingServer(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { draining, port: (server.address() as AddressInfo).port };
}

function ask(port: number, agent: Agent): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    request({ port, host: '127.0.0.1', agent }, (response) => {
      response.resume().once('end', () => resolve(response.headers.connection));
    })
      .once('error', reject)
      .end();
  });
}

describe('a server that stops', () => {
  it('resets no client that is busy on a kept connection', async () => {
    const { draining, port } = await start();
    const outcomes: string[] = [];
    let answered = 0;
    const clients = Array.from({ length: 40 }, async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      for (let isFirst = true; ; isFirst = false) {
        try {
          // After this answer the client sends nothing on the connection.
          if ((await ask(port, agent)) === 'close') return void outcomes.push('close');
        } catch (error) {
          return void outcomes.push(String((error as NodeJS.ErrnoException).code));
        }
        if (isFirst) answered += 1;
        await new Promise((resolve) => void setTimeout(resolve, Math.random() * 20));
      }
    });
    while (answered < clients.length) await new Promise((resolve) => void setTimeout(resolve, 10));
    await draining.stop(10_000);
    await Promise.all(clients);
    assert.deepEqual(new Set(outcomes), new Set(['close']));
  });

  it('answers a current request with Connection: close', async () => {
    let end = (): void => undefined;
    let asked = (): void => undefined;
    const isAsked = new Promise<void>((resolve) => (asked = resolve));
    const { draining, port } = await start((finish) => {
      end = finish;
      asked();
    });
    const answer = ask(port, new Agent({ keepAlive: true }));
    await isAsked;
    const stopped = draining.stop(60_000);
    end();
    assert.equal(await answer, 'close');
    await stopped;
  });

  it('does not wait for a socket that never sent anything', async () => {
    const { draining, port } = await start();
    const socket = connect(port, '127.0.0.1').resume();
    await once(socket, 'connect');
    const isClosed = once(socket, 'close');
    // Only this can end it: the grace is longer than the test may take.
    await draining.stop(3_600_000);
    await isClosed;
  });

  it('closes what is still busy after the grace', async () => {
    const { draining, port } = await start(() => undefined);
    const answer = ask(port, new Agent({ keepAlive: true }));
    const failed = assert.rejects(answer, { code: 'ECONNRESET' });
    await new Promise((resolve) => void setTimeout(resolve, 50));
    await draining.stop(100);
    await failed;
  });
});
