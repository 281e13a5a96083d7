import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { env } from 'node:process';
import { describe, it } from 'node:test';
import { consumerProjects } from './support/consumer-project.js';
import { createExampleProject } from './support/example-project.js';
import { missingBrowser, openBrowser, waitForPicture, watchPage } from '../support/open-browser.js';
import { serveProject } from './support/serve-project.js';

describe('the Next.js example with the packed packages', { skip: missingBrowser }, () => {
  it('renders the tags on the server, type-checks them, and plays after hydration', async () => {
    const projects = await consumerProjects();
    const browser = await openBrowser();
    try {
      const { folder } = createExampleProject(projects, 'nextjs');
      const next = join(folder, 'node_modules/next/dist/bin/next');
      const { status, stdout, stderr } = spawnSync(process.execPath, [next, 'build'], {
        cwd: folder,
        encoding: 'utf8',
        env: { ...env, NODE_OPTIONS: '', NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
        timeout: 240_000,
      });
      assert.equal(status, 0, stdout + stderr);
      const markup = readFileSync(join(folder, 'out/index.html'), 'utf8');
      assert.match(markup, /<secure-player id="wrapped"><\/secure-player>/);
      assert.match(markup, /<secure-player id="bare" preload="none" token-url="\/api\/tokens"/);

      const site = await serveProject(join(folder, 'out'));
      try {
        const { page, troubles } = await watchPage(browser, `${site.origin}/`);
        await waitForPicture(page, '#wrapped');
        assert.deepEqual(troubles, []);
      } finally {
        await site.close();
      }
    } finally {
      await browser.close();
      projects.remove();
    }
  });
});
