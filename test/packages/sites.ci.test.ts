import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { missingBrowser, openBrowser } from '../support/open-browser.js';
import { AppPage } from './support/app-page.js';
import { checkSite, type TypeReport } from './support/check-site.js';
import { consumerProjects, type ConsumerProjects, quietInstall } from './support/consumer-project.js';
import { eagerParts } from './support/eager-parts.js';
import { npmInBackground } from './support/pack-packages.js';
import { recentNode, type RecentNode } from './support/recent-node.js';
import type { ServedProject } from './support/serve-project.js';
import { serveSite } from './support/serve-site.js';
import { serverOf, siteStarters, type SiteStarter } from './support/site-starters.js';
import { createStarter } from './support/starter-project.js';
import { leaveAndReturn, leaveOften, playEach, reload } from './support/try-site.js';
import { assertStudio } from './support/try-studio.js';
import { warmUp } from './support/warm-up.js';
import { workAhead, type WorkAhead } from './support/work-ahead.js';

interface BuiltSite {
  readonly folder: string;
  /** The errors with a file of mistakes. */
  readonly types: TypeReport;
}

describe('the starters of frameworks with a server, with the packed packages and the code of the documentation', () => {
  let projects: ConsumerProjects;
  let node: RecentNode;
  let browser: Browser;
  let builds: WorkAhead<SiteStarter, BuiltSite>;

  before(async () => {
    projects = await consumerProjects();
    node = recentNode(join(projects.root, 'node'));
    builds = workAhead(siteStarters, build);
    if (missingBrowser === false) browser = await openBrowser();
  });

  after(async () => {
    if (missingBrowser === false) await browser.close();
    await builds.end();
    projects.remove();
  });

  const tarballs = (names: readonly string[]): string[] => Object.values(projects.tarballsOf(names));

  async function build(starter: SiteStarter): Promise<BuiltSite> {
    const folder = await createStarter(projects.root, starter, node.env);
    await npmInBackground([...quietInstall, ...tarballs(starter.packed)], folder, node.env);
    for (const args of starter.builds) await npmInBackground(args, folder, node.env);
    return { folder, types: await checkSite(folder, starter, node) };
  }

  for (const starter of siteStarters) {
    const { name, develop, keepsRoute = false, isStrict = false, live, wrong } = starter;
    describe(name, () => {
      let site: ServedProject | undefined;
      after(() => site?.close());

      const serve = async (start: SiteStarter['serve']): Promise<ServedProject> =>
        serveSite(serverOf(node, (await builds.of(starter)).folder, start));
      const origin = async (): Promise<string> => (site ??= await serve(starter.serve)).origin;

      it('builds, with its own types and those of all libraries', async () => {
        await builds.of(starter);
      });

      it('reports wrong attributes, properties and events as far as it can, with `nodenext`', async () => {
        const [path, , mistakes] = wrong;
        const { files, output } = (await builds.of(starter)).types;
        assert.deepEqual(files, Array<string>(mistakes).fill(path), output);
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

      it(
        'has no timer, request, listener or node left after fifty mounts',
        { skip: missingBrowser },
        async () => leaveOften(browser, await origin(), keepsRoute ? '/mounts' : '/'),
      );

      const title = 'plays in development without a warning, starts once, and shows a changed component';
      it(title, { skip: missingBrowser }, async () => {
        const [path, replaces] = live;
        const file = join((await builds.of(starter)).folder, path);
        const development = await serve(develop);
        try {
          const page = isStrict ? '/mounts#live' : '/watch';
          await warmUp(development.origin, ['/watch', '/player', page]);
          await playEach(browser, development.origin);
          await reload(browser, `${development.origin}${page}`, { file, replaces, isStrict });
        } finally {
          await development.close();
        }
      });
    });
  }
});
