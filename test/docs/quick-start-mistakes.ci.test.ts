import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { generateSigningKey } from '@gatecast/server';
import { runQuickStart } from './support/quick-start-program.js';

const { pem } = await generateSigningKey({ alg: 'ES256' });
const signing = { name: 'SIGNING_KEY', value: pem };
const vendor = { name: 'BINTU_API_KEY', value: 'key-of-the-test' };

describe('the backends of the quick starts', () => {
  const taken = createServer();
  let port: string;

  before(async () => {
    taken.listen(0);
    await once(taken, 'listening');
    port = String((taken.address() as AddressInfo).port);
  });

  after(() => {
    taken.close();
  });

  for (const [page, backend, { name, value }] of [
    ['quick-start/hls.md', 'server.js', signing],
    ['quick-start/whip.md', 'server.js', signing],
    ['quick-start/webcaster.md', 'server.js', vendor],
    ['quick-start/h5live.md', 'server-sts.js', vendor],
    ['quick-start/h5live.md', 'server-jwt.js', vendor],
  ] as const) {
    it(`name a missing variable and a busy port: ${page}, ${backend}`, async () => {
      const run = (environment: Record<string, string>) =>
        runQuickStart({ page, backend, environment }, 'http://127.0.0.1:1');
      await assert.rejects(run({ [name]: '' }), new RegExp(`Error: ${name} is missing\\. Set it to `));
      await assert.rejects(
        run({ [name]: value, PORT: port }),
        new RegExp(`Error: The port ${port} cannot be used \\(EADDRINUSE\\)\\. Set PORT to another one\\.`),
      );
    });
  }
});
