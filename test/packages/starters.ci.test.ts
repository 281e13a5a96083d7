import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { missingBrowser, openBrowser } from '../support/open-browser.js';
import type { AppPage } from './support/app-page.js';
import { assertReloads } from './support/assert-reloads.js';
import { consumerProjects, type ConsumerProjects } from './support/consumer-project.js';
import { chunkedParts } from './support/eager-scripts.js';
import { npmInBackground, runInBackground } from './support/pack-packages.js';
import { PATIENT_TOKEN_SECONDS } from './support/patient-wait.js';
import { serveDevelopment } from './support/serve-development.js';
import { serveProject } from './support/serve-project.js';
import { createStarters } from './support/starter-project.js';
import { assertStudio } from './support/try-studio.js';
import { viteStarters, type ViteStarter } from './support/vite-starters.js';
import { warmUp } from './support/warm-up.js';
import { assertComplete, assertLeavesNothing, memoryAfter, openApp } from './support/watch-app.js';
import { workAhead, type WorkAhead } from './support/work-ahead.js';

/** The files in which a checker found its errors, one for each, and its whole output. */
interface Report {
  readonly files: readonly (string | undefined)[];
  readonly output: string;
}

describe('the starters of Vite, with the packed packages and the code of the documentation', () => {
  let projects: ConsumerProjects;
  let folders: ReadonlyMap<string, string>;
  let browser: Browser;
  let builds: WorkAhead<ViteStarter, Report>;

  before(async () => {
    projects = await consumerProjects();
    folders = await createStarters(
      projects,
      'vite',
      ['@gatecast/react', '@gatecast/webcaster'],
      viteStarters,
    );
    builds = workAhead(viteStarters, build);
    if (missingBrowser === false) browser = await openBrowser();
  });

  after(async () => {
    if (missingBrowser === false) await browser.close();
    await builds.end();
    projects.remove();
  });

  const folderOf = (name: string): string => folders.get(name) ?? assert.fail(`There is no ${name}.`);

  async function watch(
    starter: ViteStarter,
    route: string,
    test: (app: AppPage) => Promise<void>,
  ): Promise<void> {
    await builds.of(starter);
    const options = { tokenTtlSeconds: PATIENT_TOKEN_SECONDS };
    const site = await serveProject(join(folderOf(starter.name), 'dist'), options);
    try {
      const app = await openApp(browser, `${site.origin}/#${route}`);
      await test(app);
      await app.close();
    } finally {
      await site.close();
    }
  }

  /** Builds a project, then adds a file with mistakes and checks the types again, with `nodenext`. */
  async function build({
    name,
    checker: [program, config],
    wrong: [path, text],
  }: ViteStarter): Promise<Report> {
    const folder = folderOf(name);
    await npmInBackground(['run', 'build'], folder);
    writeFileSync(join(folder, path), text);
    const compilerOptions = { module: 'nodenext', moduleResolution: 'nodenext', noEmit: true };
    const nodenext = {
      extends: `./${config}`,
      compilerOptions,
      vueCompilerOptions: { strictTemplates: true },
    };
    writeFileSync(join(folder, 'nodenext.json'), JSON.stringify(nodenext));
    const [args, pattern] =
      program === 'svelte-check'
        ? [['--tsconfig', 'nodenext.json', '--output', 'machine'], /^\d+ ERROR "([^"]+)"/gm]
        : [['-p', 'nodenext.json', '--pretty', 'false'], /^(\S+)\(\d+,\d+\): error/gm];
    const output = await runInBackground('npm', ['exec', '--', program, ...args], { cwd: folder });
    rmSync(join(folder, path));
    return { files: [...output.matchAll(pattern)].map(([, file]) => file), output };
  }

  for (const starter of viteStarters) {
    const { name, pages, replaces, wrong, initPage } = starter;
    describe(name, () => {
      it('builds with all types checked, and keeps hls.js and the skin in chunks of their own', async () => {
        await builds.of(starter);
        const parts = chunkedParts(join(folderOf(name), 'dist'));
        assert.deepEqual(parts, { eager: [], lazy: ['hls.js', 'the skin'] });
      });

      it('reports wrong attributes, properties and events, also with `nodenext`', async () => {
        const [path, , mistakes] = wrong;
        const { files, output } = await builds.of(starter);
        assert.deepEqual(files, Array<string>(mistakes).fill(path), output);
      });

      it('plays, with attributes, properties, events and a ref', { skip: missingBrowser }, async () => {
        await watch(starter, 'player', assertComplete);
      });

      it('shows a webcaster, and content in a slot', { skip: missingBrowser }, async () => {
        await watch(starter, 'studio', assertStudio);
      });

      it(
        'has no timer, request, listener or node left after fifty mounts',
        { skip: missingBrowser },
        async () => {
          await watch(starter, 'player', assertLeavesNothing);
        },
      );

      const title =
        'starts once in development, shows a changed component without an error, and plays the page of gatecast init';
      it(title, { skip: missingBrowser }, async () => {
        const folder = folderOf(name);
        const site = await serveDevelopment(dirname(folder), folder);
        try {
          await warmUp(site.origin, ['/', initPage]);
          const app = await openApp(browser, `${site.origin}/#live`);
          await assertReloads(app, join(folder, 'src', pages[0]), replaces);
          await app.close();
          const init = await openApp(browser, `${site.origin}${initPage}`);
          await init.picture();
          assert.deepEqual(init.troubles, []);
          await init.close();
        } finally {
          await site.close();
        }
      });
    });
  }

  it('are tested in a way that finds what a page keeps', { skip: missingBrowser }, async () => {
    const vanilla = viteStarters.find(({ name }) => name === 'vanilla-ts');
    assert.ok(vanilla);
    await watch(vanilla, 'home', async (app) => {
      const first = await memoryAfter(app, 5);
      await app.page.evaluate(() => {
        const held: Node[] = [];
        new MutationObserver((records) => {
          for (const { removedNodes } of records) held.push(...removedNodes);
        }).observe(document.body, { childList: true, subtree: true });
      });
      const last = await memoryAfter(app, 5);
      for (const part of ['players', 'nodes', 'listeners'] as const)
        assert.ok(last[part] >= first[part] + 4, `${part}: ${first[part]}, then ${last[part]}`);
      await app.page.evaluate(() => setTimeout(() => undefined, 1_000_000));
      assert.equal(await app.page.evaluate(() => window.runningTimers.size), 1);
    });
  });
});
