import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { missingBrowser, openBrowser } from '../support/open-browser.js';
import { AppPage } from './support/app-page.js';
import { consumerProjects, type ConsumerProjects, quietInstall } from './support/consumer-project.js';
import { eagerParts } from './support/eager-parts.js';
import { npmInBackground, runInBackground } from './support/pack-packages.js';
import { recentNode, type RecentNode } from './support/recent-node.js';
import type { ServedProject } from './support/serve-project.js';
import { serveSite } from './support/serve-site.js';
import { nuxt, ownErrors, serverOf, siteStarters, type SiteStarter } from './support/site-starters.js';
import { createStarter } from './support/starter-project.js';
import { leaveAndReturn, playEach } from './support/try-site.js';
import { assertStudio } from './support/try-studio.js';
import { workAhead, type WorkAhead } from './support/work-ahead.js';

describe('the starters of frameworks with a server, with the packed packages and the code of the documentation', () => {
  let projects: ConsumerProjects;
  let node: RecentNode;
  let browser: Browser;
  let builds: WorkAhead<SiteStarter, string>;
  let nuxtErrors: readonly string[];

  before(async () => {
    projects = await consumerProjects();
    node = recentNode(join(projects.root, 'node'));
    builds = workAhead(siteStarters, build);
    if (missingBrowser === false) browser = await openBrowser();
  });

  after(async () => {
    if (missingBrowser === false) await browser.close();
    await builds.end;
    projects.remove();
  });

  const tarballs = (names: readonly string[]): string[] => Object.values(projects.tarballsOf(names));

  /** @returns the folder of the site. */
  async function build(starter: SiteStarter): Promise<string> {
    const folder = await createStarter(projects.root, starter, node.env);
    await npmInBackground([...quietInstall, ...tarballs(starter.packed)], folder, node.env);
    for (const args of starter.builds) await npmInBackground(args, folder, node.env);
    if (starter === nuxt) nuxtErrors = await checkNuxt(folder);
    return folder;
  }

  /** Adds a wrong component. @returns the errors in the types of the app and of the packages. */
  async function checkNuxt(folder: string): Promise<string[]> {
    const wrong = `<template><secure-player engine="flash" /></template>\n`;
    writeFileSync(join(folder, 'app/wrong.vue'), `<script setup lang="ts"></script>\n${wrong}`);
    const checker = join(folder, 'node_modules/vue-tsc/bin/vue-tsc.js');
    const args = [checker, '--noEmit', '-p', '.nuxt/tsconfig.app.json', '--skipLibCheck', 'false'];
    return ownErrors(await runInBackground(node.program, args, { cwd: folder, env: node.env }));
  }

  for (const starter of siteStarters) {
    const { name, develop, hasInitPage, keepsRoute = false } = starter;
    describe(name, () => {
      let site: ServedProject | undefined;
      after(() => site?.close());

      const serve = async (start: SiteStarter['serve']): Promise<ServedProject> =>
        serveSite(serverOf(node, await builds.of(starter), start));
      const origin = async (): Promise<string> => (site ??= await serve(starter.serve)).origin;

      it('builds, with its own types and those of all libraries', async () => {
        await builds.of(starter);
      });

      it('has the tag in its markup, and hls.js and the skin in chunks of their own', async () => {
        const address = `${await origin()}/watch`;
        const text = await (await fetch(address)).text();
        assert.match(text, /<secure-player\b[^>]*><\/secure-player>/);
        assert.deepEqual(await eagerParts(address), []);
      });

      it(
        'plays after hydration without a warning, with properties, events and a ref',
        { skip: missingBrowser },
        async () => playEach(browser, await origin()),
      );

      if (hasInitPage)
        it('plays the page of gatecast init', { skip: missingBrowser }, async () => {
          const app = await AppPage.open(browser, `${await origin()}/live`);
          await app.picture();
          assert.deepEqual(app.troubles, []);
          await app.close();
        });

      it('shows a webcaster, and content in a slot', { skip: missingBrowser }, async () => {
        const app = await AppPage.open(browser, `${await origin()}/studio`);
        await assertStudio(app);
        await app.close();
      });

      it('ends all its work on another route, and plays again', { skip: missingBrowser }, async () =>
        leaveAndReturn(browser, await origin(), keepsRoute),
      );

      if (develop) {
        it('plays in development without a warning', { skip: missingBrowser }, async () => {
          const development = await serve(develop);
          try {
            await playEach(browser, development.origin);
          } finally {
            await development.close();
          }
        });
      }
    });
  }

  it('reports a wrong attribute in Nuxt, and no other mistake, in the declarations of the packages neither', async () => {
    await builds.of(nuxt);
    assert.match(nuxtErrors.join('\n'), /^app\/wrong\.vue\(2,\d+\): error TS2322: Type '"flash"'.+$/);
  });
});
