import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { it } from 'node:test';
import { createLimitedServer } from '../../packages/server/src/serve/create-limited-server.js';

for (const [what, sent, limits] of [
  ['half a header', 'GET / HTTP/1.1\r\nHost: a', { headersMs: 500 }],
  [
    'half a body',
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{',
    { headersMs: 500, requestMs: 500 },
  ],
] as const) {
  it(`a client that sends ${what} gets 408 at its time limit`, async () => {
    const server = createLimitedServer((request) => void request.resume(), limits);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const startedMs = performance.now();
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.write(sent);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    const passedMs = performance.now() - startedMs;
    assert.match(answer.toString(), /^HTTP\/1\.1 408 /);
    assert.ok(passedMs >= 500, `${passedMs} ms`);
    // With Node's default interval it would be 30 s.
    assert.ok(passedMs < 20_000, `${passedMs} ms`);
    socket.destroy();
    server.close();
  });
}
