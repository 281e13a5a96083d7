import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Browser } from 'playwright-core';
import { openBrowser } from '../../support/open-browser.js';
import { AppPage } from '../../packages/support/app-page.js';
import { consumerProjects, quietInstall } from '../../packages/support/consumer-project.js';
import type { ConsumerProjects } from '../../packages/support/consumer-project.js';
import { npmInBackground } from '../../packages/support/pack-packages.js';
import { recentNode, type RecentNode } from '../../packages/support/recent-node.js';
import { serveSite } from '../../packages/support/serve-site.js';
import { serverOf, siteStarters } from '../../packages/support/site-starters.js';
import { createStarter, type Starter } from '../../packages/support/starter-project.js';
import { viteStarters } from '../../packages/support/vite-starters.js';
import type { Bench } from '../report/bench-report.js';

/** Arguments of Node that start a development server at a port. */
type Develop = (port: string) => { readonly args: readonly string[]; readonly env?: NodeJS.ProcessEnv };

interface Contender {
  readonly framework: string;
  readonly starter: Starter;
  readonly packed: readonly string[];
  readonly develop: Develop;
  /** Address of a page that plays. */
  readonly path: string;
}

/** When each part ended, in milliseconds since `npm install` began. */
interface FrameworkFigures {
  readonly framework: string;
  readonly installedMs: number;
  readonly servedMs: number;
  readonly firstFrameMs: number;
}

const at = (...args: readonly string[]): Develop => {
  return (port) => ({ args: [...args, '--host', '127.0.0.1', '--port', port] });
};
/** With the starter's own change detection. */
const angular: Develop = (port) => ({
  ...at('node_modules/@angular/cli/bin/ng.js', 'serve')(port),
  env: { NG_ALLOWED_HOSTS: '127.0.0.1' },
});
const vite = at('node_modules/vite/bin/vite.js', '--strictPort');
const viteNames: Readonly<Record<string, string>> = {
  'react-ts': 'React',
  'vue-ts': 'Vue',
  'svelte-ts': 'Svelte',
  'lit-ts': 'Lit',
  'vanilla-ts': 'none',
};
const sites: Readonly<Record<string, readonly [framework: string, develop?: Develop]>> = {
  next: ['Next.js'],
  nuxt: ['Nuxt'],
  astro: ['Astro'],
  sveltekit: ['SvelteKit'],
  angular: ['Angular', angular],
};

const contenders: readonly Contender[] = [
  ...viteStarters.map((starter): Contender => {
    const framework = viteNames[starter.name] ?? starter.name;
    return { framework, starter, packed: starter.packed, develop: vite, path: '/#live' };
  }),
  ...siteStarters.map((starter): Contender => {
    const [framework, develop = starter.develop] = sites[starter.name] ?? [starter.name];
    return { framework, starter, packed: starter.packed, develop, path: '/watch' };
  }),
];

/** Installs, starts the development server and waits for moving pictures, as a reader of the quick start does. */
async function measureOne(
  { framework, starter, packed, develop, path }: Contender,
  projects: ConsumerProjects,
  node: RecentNode,
  browser: Browser,
): Promise<FrameworkFigures> {
  const folder = await createStarter(projects.root, starter, node.env);
  const startedMs = performance.now();
  const since = (): number => Math.round(performance.now() - startedMs);
  const tarballs = Object.values(projects.tarballsOf(packed));
  await npmInBackground([...quietInstall, ...tarballs], folder, node.env);
  const installedMs = since();
  const site = await serveSite(serverOf(node, folder, develop));
  try {
    const servedMs = since();
    const app = await AppPage.open(browser, `${site.origin}${path}`);
    await app.picture();
    const firstFrameMs = since();
    await app.close();
    return { framework, installedMs, servedMs, firstFrameMs };
  } finally {
    await site.close();
  }
}

const seconds = (ms: number): number => Math.round(ms / 100) / 10;

/**
 * From `npm install` to the first frame: a project of each framework's starter, the packed packages and the component of the
 * documentation. npm takes from its cache what it has. `pages` chooses frameworks.
 */
export const measureFrameworks: Bench = async ({ isQuick, pages, tell }) => {
  const chosen = contenders.filter(({ framework }) => pages?.includes(framework) ?? true);
  const projects = await consumerProjects();
  const browser = await openBrowser();
  const figures: FrameworkFigures[] = [];
  try {
    const node = recentNode(join(projects.root, 'node'));
    for (const contender of isQuick ? chosen.slice(0, 1) : chosen) {
      const one = await measureOne(contender, projects, node, browser);
      tell(`${one.framework}, first frame after ${seconds(one.firstFrameMs)} s`);
      figures.push(one);
    }
  } finally {
    await browser.close();
    projects.remove();
  }
  return {
    tables: [
      {
        title: 'From npm install to the first frame',
        columns: ['framework', 'installed after s', 'served after s', 'first frame after s'],
        rows: figures.map(({ framework, installedMs, servedMs, firstFrameMs }) => [
          framework,
          ...[installedMs, servedMs, firstFrameMs].map(seconds),
        ]),
      },
    ],
    aims: [],
    figures,
  };
};
