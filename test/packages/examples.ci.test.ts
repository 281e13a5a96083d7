import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { generateSigningKey } from '@gatecast/server';
import { decodeJwt } from 'jose';
import { consumerProjects, type ConsumerProjects } from './support/consumer-project.js';
import { createExampleProject } from './support/example-project.js';
import { npm } from './support/pack-packages.js';
import { serveProject } from './support/serve-project.js';
import { missingBrowser, openBrowser, waitForPicture, watchPage } from '../support/open-browser.js';

// The other examples: consumers.ci.test.ts builds the one with Vite, next.ci.test.ts the one with Next.js.
describe('the examples without a bundler, with the packed packages', () => {
  let projects: ConsumerProjects;

  before(async () => {
    projects = await consumerProjects();
  });

  after(() => {
    projects.remove();
  });

  it('plain HTML builds and plays', { skip: missingBrowser }, async () => {
    const { folder } = createExampleProject(projects, 'plain-html');
    npm(['run', 'build'], folder);
    const site = await serveProject(join(folder, 'dist'));
    const browser = await openBrowser();
    try {
      const { page, troubles } = await watchPage(browser, `${site.origin}/`);
      await waitForPicture(page);
      assert.deepEqual(troubles, []);
    } finally {
      await browser.close();
      await site.close();
    }
  });

  it('the Express backend builds, serves its page and issues tokens only for its stream', async () => {
    const { folder } = createExampleProject(projects, 'express-backend');
    npm(['run', 'build'], folder);
    assert.ok(existsSync(join(folder, 'public/gatecast.js')));
    const { pem } = await generateSigningKey();
    const child = spawn(process.execPath, ['server.js'], {
      cwd: folder,
      env: { ...process.env, NODE_OPTIONS: '', SIGNING_KEY: pem, PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    try {
      const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
      const line = await lines.next();
      assert.ok(line.done !== true, 'The backend ended before it printed its address.');
      const address = line.value;
      const ask = (stream: string): Promise<Response> =>
        fetch(new URL('/api/tokens', address), {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ purpose: 'playback', streams: [stream], reason: 'initial' }),
        });
      const answer = await ask('PLAYBACK-ID');
      assert.equal(answer.status, 200);
      const { tokens } = (await answer.json()) as { tokens: { token: string }[] };
      assert.equal(decodeJwt(tokens[0]?.token ?? '').sub, 'PLAYBACK-ID');
      assert.equal((await ask('other')).status, 403);
      assert.match(await (await fetch(address)).text(), /<secure-player/);
    } finally {
      child.kill();
      await exited;
    }
  });
});
