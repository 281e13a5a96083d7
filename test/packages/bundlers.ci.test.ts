import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import type { Browser } from 'playwright-core';
import { missingBrowser, openBrowser, waitForPicture, watchPage } from '../support/open-browser.js';
import { consumerProjects, type ConsumerProject, type ConsumerProjects } from './support/consumer-project.js';
import { chunkedParts } from './support/eager-scripts.js';
import { frameworksPage } from './support/frameworks-page.js';
import { readersEnvironment } from './support/pack-packages.js';
import { serveProject } from './support/serve-project.js';

const packed = ['@gatecast/player'];
const page = frameworksPage('index.html');

/** The heads of a bundler's warnings and errors, except for those about sizes, which the documentation explains. */
const warningsIn = (output: string): string[] =>
  stripVTControlCharacters(output)
    .split('\n')
    .filter(
      (line) => /^(?:WARNING|ERROR) in|\[WARNING\]|^\(!\)|^⚠|^🚨/.test(line) && !line.includes('size limit'),
    );

describe('bundlers, with the packed packages and the commands of the documentation', () => {
  let projects: ConsumerProjects;
  let project: ConsumerProject;
  let browser: Browser;

  before(async () => {
    projects = await consumerProjects();
    project = projects.create('bundlers', {
      packed,
      dependencies: {
        '@rollup/plugin-node-resolve': '~16.0.3',
        '@rspack/cli': '~2.2.8',
        '@rspack/core': '~2.3.4',
        esbuild: '~0.28.2',
        rollup: '~4.68.8',
        webpack: '~5.113.0',
        'webpack-cli': '~7.3.1',
      },
      files: { 'src/index.js': frameworksPage('src/index.js'), 'index.html': page },
    });
    if (missingBrowser === false) browser = await openBrowser();
  });

  after(async () => {
    if (missingBrowser === false) await browser.close();
    projects.remove();
  });

  /** Runs a command in the project. @returns its output. */
  function run(folder: string, command: string): string {
    const { status, stdout, stderr } = spawnSync(command, {
      cwd: folder,
      encoding: 'utf8',
      shell: true,
      env: readersEnvironment(),
    });
    assert.equal(status, 0, stdout + stderr);
    return stdout + stderr;
  }

  async function assertLazyAndPlays(folder: string): Promise<void> {
    assert.deepEqual(chunkedParts(folder), { eager: [], lazy: ['hls.js', 'the skin'] });
    if (missingBrowser !== false) return;
    const site = await serveProject(folder);
    try {
      const { page: opened, troubles } = await watchPage(browser, `${site.origin}/index.html`);
      await waitForPicture(opened);
      // Besides the icon, which this page does not have.
      assert.deepEqual(
        troubles.filter((text) => !text.startsWith('Failed to load resource')),
        [],
      );
      await opened.close();
    } finally {
      await site.close();
    }
  }

  for (const name of ['webpack', 'Rspack', 'Rollup', 'esbuild']) {
    it(`${name} builds without a warning, keeps hls.js and the skin in chunks of their own, and plays`, async () => {
      const out = join(project.folder, `dist-${name}`);
      const command = frameworksPage(name).trim();
      const outdir = / dist\b|=dist\b/.test(command) ? '' : ` --output-path dist-${name}`;
      const output = run(project.folder, command.replace(/(?<=[ =])dist\b/, `dist-${name}`) + outdir);
      assert.deepEqual(warningsIn(output), []);
      copyFileSync(join(project.folder, 'index.html'), join(out, 'index.html'));
      await assertLazyAndPlays(out);
    });
  }

  it('Parcel builds without a warning, keeps hls.js and the skin in chunks of their own, and plays', async () => {
    const { folder } = projects.create('parcel', {
      packed,
      dependencies: { parcel: '~2.16.4' },
      files: {
        'src/index.js': frameworksPage('src/index.js'),
        'index.html': page.replace('./main.js', './src/index.js'),
      },
      manifest: JSON.parse(frameworksPage('package.json of Parcel')) as object,
    });
    assert.deepEqual(warningsIn(run(folder, 'npx parcel build')), []);
    await assertLazyAndPlays(join(folder, 'dist'));
  });
});
