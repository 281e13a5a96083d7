import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { missingBrowser, openBrowser } from '../support/open-browser.js';
import { consumerProjects, type ConsumerProjects, quietInstall } from './support/consumer-project.js';
import { eagerParts } from './support/eager-parts.js';
import { npm } from './support/pack-packages.js';
import { recentNode, type RecentNode } from './support/recent-node.js';
import { serveSite } from './support/serve-site.js';
import { ownErrors, serverOf, siteStarters, type SiteStarter } from './support/site-starters.js';
import { createStarter } from './support/starter-project.js';
import { leaveAndReturn, playEach } from './support/try-site.js';

describe('the starters of frameworks with a server, with the packed packages and the code of the documentation', () => {
  let projects: ConsumerProjects;
  let node: RecentNode;
  let browser: Browser;

  before(async () => {
    projects = await consumerProjects();
    node = recentNode(join(projects.root, 'node'));
    if (missingBrowser === false) browser = await openBrowser();
  });

  after(async () => {
    if (missingBrowser === false) await browser.close();
    projects.remove();
  });

  const folderOf = ({ name }: SiteStarter): string => join(projects.root, name);

  async function serve(
    starter: SiteStarter,
    start: SiteStarter['serve'],
    test: (origin: string) => Promise<void>,
  ): Promise<void> {
    const site = await serveSite(serverOf(node, folderOf(starter), start));
    try {
      await test(site.origin);
    } finally {
      await site.close();
    }
  }

  for (const starter of siteStarters) {
    const { name, packed, builds, develop, keepsRoute = false } = starter;
    describe(name, () => {
      it('builds, with its own types and those of all libraries', () => {
        const folder = createStarter(projects.root, starter, node.env);
        npm([...quietInstall, ...tarballs(packed)], folder, node.env);
        for (const args of builds) npm(args, folder, node.env);
      });

      it('has the tag in its markup, and hls.js and the skin in chunks of their own', async () => {
        await serve(starter, starter.serve, async (origin) => {
          const text = await (await fetch(`${origin}/watch`)).text();
          assert.match(text, /<secure-player\b[^>]*><\/secure-player>/);
          assert.deepEqual(await eagerParts(`${origin}/watch`), []);
        });
      });

      it(
        'plays after hydration without a warning, with properties, events and a ref',
        { skip: missingBrowser },
        async () => {
          await serve(starter, starter.serve, (origin) => playEach(browser, origin));
        },
      );

      it('ends all its work on another route, and plays again', { skip: missingBrowser }, async () => {
        await serve(starter, starter.serve, (origin) => leaveAndReturn(browser, origin, keepsRoute));
      });

      if (develop) {
        it('plays in development without a warning', { skip: missingBrowser }, async () => {
          await serve(starter, develop, (origin) => playEach(browser, origin));
        });
      }
    });
  }

  function tarballs(names: readonly string[]): string[] {
    return Object.values(projects.tarballsOf(names));
  }

  it('reports a wrong attribute in Nuxt, and no mistake in the declarations of the packages', () => {
    const folder = join(projects.root, 'nuxt');
    const wrong = `<template><secure-player engine="flash" /></template>\n`;
    writeFileSync(join(folder, 'app/wrong.vue'), `<script setup lang="ts"></script>\n${wrong}`);
    const checker = join(folder, 'node_modules/vue-tsc/bin/vue-tsc.js');
    const args = [checker, '--noEmit', '-p', '.nuxt/tsconfig.app.json', '--skipLibCheck', 'false'];
    const { stdout } = spawnSync(node.program, args, { cwd: folder, encoding: 'utf8', env: node.env });
    assert.match(ownErrors(stdout).join('\n'), /^app\/wrong\.vue\(2,\d+\): error TS2322: Type '"flash"'.+$/);
  });
});
