import { frameworksPage } from './frameworks-page.js';
import { initPage } from './init-page.js';
import type { RecentNode } from './recent-node.js';
import type { SiteServer } from './serve-site.js';
import type { Starter } from './starter-project.js';
import { angular as angularTypes, wrappers } from './type-consumers.js';
import { wrongSvelte, wrongSvelteMistakes, wrongVue, wrongVueMistakes } from './wrong-components.js';

/** A starter of a framework that renders on a server. The site has `/`, `/watch`, `/player` and `/studio`,
 * and at `/live` the page that `gatecast init` writes. */
export interface SiteStarter extends Starter {
  readonly packed: readonly string[];
  /**
   * Whether it keeps a route that was left in the page, hidden. `/mounts` then shows the player at `#live`, and nothing
   * elsewhere.
   */
  readonly keepsRoute?: boolean;
  /** Whether it has StrictMode. `/mounts` writes `effect` to the console for each effect of its component. */
  readonly isStrict?: boolean;
  /** The component of `/watch`, and whether the development server replaces it in the page. */
  readonly live: readonly [path: string, replaces: boolean];
  /** Arguments of Node that check types with `nodenext.json`. */
  readonly checker: readonly string[];
  /** Of `nodenext.json`. */
  readonly config: { readonly extends: string; readonly exclude?: readonly string[] };
  /** A file with mistakes that the checker must report, and their number. */
  readonly wrong: readonly [path: string, text: string, mistakes: number];
  /** Arguments of npm: they check types, those of libraries too, and build. */
  readonly builds: readonly (readonly string[])[];
  /** The program of the built site, and its environment. */
  readonly serve: (port: string) => { readonly args: readonly string[]; readonly env?: NodeJS.ProcessEnv };
  /** Its development server, where it reports more about hydration. */
  readonly develop: (port: string) => { readonly args: readonly string[]; readonly env?: NodeJS.ProcessEnv };
}

/** The server of a site in a folder. */
export const serverOf = (
  { program, env }: RecentNode,
  folder: string,
  serve: SiteStarter['serve'],
): ((port: number) => SiteServer) => {
  return (port) => {
    const { args, env: own = {} } = serve(String(port));
    return { program, args, folder, env: { ...env, ...own } };
  };
};

const withLibraries = (text: string): string => text.replace('"skipLibCheck": true', '"skipLibCheck": false');
const playerAndWebcaster = ['@gatecast/player', '@gatecast/webcaster'];
const nodeTypes = '^22.12.0';

const nextLayout = `import Link from 'next/link';

export default function RootLayout({ children }: LayoutProps<'/'>) {
  return (
    <html lang="en">
      <body>
        <nav><Link href="/">Home</Link> <Link href="/watch">Watch</Link></nav>
        {children}
      </body>
    </html>
  );
}
`;

const nextPage = (name: string): string => `import { ${name} } from './${name}';

export default function Page() {
  return <${name} />;
}
`;

const nextMounts = `'use client';
import { useEffect, useSyncExternalStore } from 'react';
import { Live } from '../watch/Live';

function subscribe(listener: () => void) {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
}

function Mount() {
  useEffect(() => console.log('effect'), []);
  return <Live />;
}

export default function Page() {
  const route = useSyncExternalStore(subscribe, () => location.hash, () => '');
  return route === '#live' ? <Mount /> : <p>Nothing</p>;
}
`;

const next: SiteStarter = {
  name: 'next',
  command: [
    'create-next-app@16.4.3',
    ...['create-next-app', 'next', '--ts', '--app', '--no-src-dir', '--no-eslint', '--no-tailwind'],
    ...['--no-import-alias', '--use-npm', '--skip-install', '--disable-git', '--yes'],
  ],
  packed: ['@gatecast/react'],
  keepsRoute: true,
  isStrict: true,
  live: ['app/watch/Live.tsx', true],
  checker: ['node_modules/typescript/bin/tsc', '-p', 'nodenext.json', '--pretty', 'false'],
  config: { extends: './tsconfig.json' },
  wrong: ['app/wrong.tsx', wrappers.wrong, wrappers.mistakes],
  files: {
    // TypeScript 5 does not know names in the declarations of Next.js.
    'package.json': (text) => text.replace('"typescript": "^5"', '"typescript": "~6.0.3"'),
    'tsconfig.json': withLibraries,
    'app/layout.tsx': nextLayout,
    'app/page.tsx': 'export default function Page() {\n  return <p>Home</p>;\n}\n',
    'app/watch/Live.tsx': frameworksPage('Live.tsx'),
    'app/watch/page.tsx': nextPage('Live'),
    'app/live/page.tsx': initPage('next'),
    'app/mounts/page.tsx': nextMounts,
    'app/player/Player.tsx': frameworksPage('Player.tsx'),
    'app/player/page.tsx': `'use client';\n${nextPage('Player')}`,
    'app/studio/Studio.tsx': `'use client';\n${frameworksPage('Studio.tsx')}`,
    'app/studio/page.tsx': nextPage('Studio'),
  },
  builds: [['run', 'build']],
  serve: (port) => ({ args: ['node_modules/next/dist/bin/next', 'start', '-H', '127.0.0.1', '-p', port] }),
  develop: (port) => ({ args: ['node_modules/next/dist/bin/next', 'dev', '-H', '127.0.0.1', '-p', port] }),
};

// Its command copies the template from GitHub.
const nuxt: SiteStarter = {
  name: 'nuxt',
  live: ['app/components/Live.vue', true],
  checker: ['node_modules/vue-tsc/bin/vue-tsc.js', '-p', 'nodenext.json', '--pretty', 'false'],
  config: { extends: './.nuxt/tsconfig.app.json' },
  wrong: ['app/Wrong.vue', wrongVue, wrongVueMistakes],
  packed: playerAndWebcaster,
  files: {
    'package.json': JSON.stringify({
      type: 'module',
      private: true,
      scripts: { build: 'nuxt build' },
      dependencies: { nuxt: '4.5.2', vue: '^3.5.45', 'vue-router': '^5.2.0' },
      devDependencies: { '@types/node': nodeTypes, typescript: '~6.0.3', 'vue-tsc': '^3.3.14' },
      // Nuxt 4.5 does not build with Vite 8.4.
      overrides: { vite: '8.3.8' },
    }),
    // Nuxt's own timer, which looks for a new build each hour, would be counted. Source maps take time.
    'nuxt.config.ts': frameworksPage('nuxt.config.ts').replace(
      'vue: {',
      'experimental: { checkOutdatedBuildInterval: false },\n  sourcemap: false,\n  $&',
    ),
    'tsconfig.json': '{ "files": [], "references": [{ "path": "./.nuxt/tsconfig.app.json" }] }',
    'app/app.vue': `<template>
  <nav>
    <NuxtLink to="/" data-go="home">Home</NuxtLink> <NuxtLink to="/watch" data-go="live">Watch</NuxtLink>
  </nav>
  <NuxtPage />
</template>
`,
    'app/components/Live.vue': frameworksPage('Live.vue'),
    'app/components/Player.vue': frameworksPage('Player.vue'),
    'app/components/Studio.vue': frameworksPage('Studio.vue'),
    'app/pages/index.vue': '<template><p>Home</p></template>\n',
    'app/pages/live.vue': initPage('nuxt'),
    'app/pages/watch.vue': '<template><Live /></template>\n',
    'app/pages/player.vue': '<template><ClientOnly><Player /></ClientOnly></template>\n',
    'app/pages/studio.vue': '<template><div><Studio /></div></template>\n',
  },
  builds: [
    ['run', 'build'],
    ['exec', '--', 'vue-tsc', '--noEmit', '-p', '.nuxt/tsconfig.app.json'],
  ],
  serve: (port) => ({ args: ['.output/server/index.mjs'], env: { HOST: '127.0.0.1', PORT: port } }),
  develop: (port) => ({
    args: ['node_modules/nuxt/bin/nuxt.mjs', 'dev', '--no-fork', '--host', '127.0.0.1', '--port', port],
  }),
};

const wrongAstro = `---
import type {} from '@gatecast/player/astro';
import type {} from '@gatecast/webcaster/astro';
---

<secure-webcaster publisher="rtmp"></secure-webcaster>
<secure-player engine="flash"></secure-player>
<secure-player refresh-lead={{}}></secure-player>
`;

const astroPage = (name: string): string =>
  `---\nimport ${name} from '../${name}.astro';\nimport Page from '../Page.astro';\n---\n\n<Page><${name} /></Page>\n`;

// Its command copies the template from GitHub.
const astro: SiteStarter = {
  name: 'astro',
  live: ['src/Live.astro', false],
  checker: ['node_modules/astro/bin/astro.mjs', 'check', '--noSync', '--tsconfig', 'nodenext.json'],
  config: { extends: './tsconfig.json' },
  wrong: ['src/wrong.astro', wrongAstro, 3],
  packed: playerAndWebcaster,
  files: {
    'package.json': JSON.stringify({
      type: 'module',
      private: true,
      scripts: { build: 'astro check && astro build' },
      dependencies: { '@astrojs/check': '^0.9.10', astro: '7.3.5', typescript: '~6.0.3' },
    }),
    'tsconfig.json': JSON.stringify({
      extends: 'astro/tsconfigs/strict',
      compilerOptions: { skipLibCheck: false },
      include: ['.astro/types.d.ts', '**/*'],
      exclude: ['dist'],
    }),
    'src/Page.astro': `---
import { ClientRouter } from 'astro:transitions';
---

<html lang="en">
  <head><title>Site</title><link rel="icon" href="data:," /><ClientRouter fallback="swap" /></head>
  <body>
    <nav><a href="/" data-go="home">Home</a> <a href="/watch/" data-go="live">Watch</a></nav>
    <slot />
  </body>
</html>
`,
    'src/pages/index.astro': `---\nimport Page from '../Page.astro';\n---\n\n<Page><p>Home</p></Page>\n`,
    'src/Live.astro': frameworksPage('Live.astro'),
    'src/Player.astro': frameworksPage('Player.astro'),
    'src/Studio.astro': frameworksPage('Studio.astro'),
    'src/pages/watch.astro': astroPage('Live'),
    'src/pages/live.astro': initPage('astro'),
    'public/favicon.ico': '',
    'src/pages/player.astro': astroPage('Player'),
    'src/pages/studio.astro': astroPage('Studio'),
  },
  builds: [['run', 'build']],
  serve: (port) => ({
    args: ['node_modules/astro/bin/astro.mjs', 'preview', '--host', '127.0.0.1', '--port', port],
  }),
  develop: (port) => ({
    args: ['node_modules/astro/bin/astro.mjs', 'dev', '--host', '127.0.0.1', '--port', port],
  }),
};

const svelteKitPage = (name: string): string =>
  `<script lang="ts">\n  import ${name} from '$lib/${name}.svelte';\n</script>\n\n<${name} />\n`;

const svelteKit: SiteStarter = {
  name: 'sveltekit',
  live: ['src/lib/Live.svelte', true],
  checker: [
    'node_modules/svelte-check/bin/svelte-check',
    '--tsconfig',
    'nodenext.json',
    '--output',
    'machine',
  ],
  config: { extends: './tsconfig.json' },
  wrong: ['src/Wrong.svelte', wrongSvelte, wrongSvelteMistakes],
  command: [
    'sv@0.17.1',
    ...[
      'sv',
      'create',
      'sveltekit',
      '--template',
      'minimal',
      '--types',
      'ts',
      '--no-add-ons',
      '--no-install',
    ],
  ],
  packed: playerAndWebcaster,
  files: {
    // The declarations of SvelteKit use names of Node.
    'package.json': (text) => text.replace('"svelte":', `"@types/node": "${nodeTypes}",\n\t\t"svelte":`),
    'tsconfig.json': withLibraries,
    'src/lib/Live.svelte': frameworksPage('Live.svelte'),
    'src/lib/Player.svelte': frameworksPage('Player.svelte'),
    'src/routes/+layout.svelte': (text) =>
      text.replace(
        '{@render',
        '<nav><a href="/" data-go="home">Home</a> <a href="/watch" data-go="live">Watch</a></nav>\n{@render',
      ),
    'src/routes/+page.svelte': '<p>Home</p>\n',
    'src/lib/Studio.svelte': frameworksPage('Studio.svelte'),
    'src/routes/live/+page.svelte': initPage('sveltekit'),
    'src/routes/watch/+page.svelte': svelteKitPage('Live'),
    'src/routes/player/+page.svelte': svelteKitPage('Player'),
    'src/routes/studio/+page.svelte': svelteKitPage('Studio'),
  },
  builds: [
    ['run', 'check'],
    ['run', 'build'],
  ],
  serve: (port) => ({
    args: ['node_modules/vite/bin/vite.js', 'preview', '--host', '127.0.0.1', '--port', port, '--strictPort'],
  }),
  develop: (port) => ({
    args: ['node_modules/vite/bin/vite.js', '--host', '127.0.0.1', '--port', port, '--strictPort'],
  }),
};

const angularApp = `import { Component } from '@angular/core';
import { RouterLink, RouterOutlet } from '@angular/router';

@Component({
  imports: [RouterLink, RouterOutlet],
  selector: 'app-root',
  template: \`<nav><a routerLink="/" data-go="home">Home</a> <a routerLink="/watch" data-go="live">Watch</a></nav>
    <router-outlet />\`,
})
export class App {}
`;

const angularRoutes = `import { Component } from '@angular/core';
import { Routes } from '@angular/router';
import { Live } from './live';
import { Live as InitLive } from './init/live';
import { Player } from './player';
import { Studio } from './studio';

@Component({ template: '<p>Home</p>' })
class Home {}

export const routes: Routes = [
  { path: '', component: Home },
  { path: 'watch', component: Live },
  { path: 'live', component: InitLive },
  { path: 'player', component: Player },
  { path: 'studio', component: Studio },
];
`;

/** A second configuration, with zone.js: in development, where Angular reports more about hydration. */
const zoneConfiguration = {
  polyfills: ['zone.js'],
  sourceMap: false,
  fileReplacements: [{ replace: 'src/app/change-detection.ts', with: 'src/app/zone.ts' }],
};

const angular: SiteStarter = {
  name: 'angular',
  live: ['src/app/live.ts', true],
  checker: ['node_modules/@angular/compiler-cli/bundles/src/bin/ngc.js', '-p', 'nodenext.json'],
  // The starter's package is of CommonJS, where `nodenext` refuses the `import.meta` of the server.
  config: { extends: './tsconfig.app.json', exclude: ['src/server.ts'] },
  wrong: ['src/app/wrong.ts', angularTypes.wrong, angularTypes.mistakes],
  command: [
    '@angular/cli@22.2.0',
    ...['ng', 'new', 'angular', '--ssr', '--style=css', '--skip-install', '--skip-git', '--skip-tests'],
    ...['--defaults', '--package-manager=npm'],
  ],
  packed: playerAndWebcaster,
  dependencies: { 'zone.js': '~0.16.3' },
  files: {
    // All of Angular in one version, and no test runner.
    'package.json': (text) =>
      text
        .replace(/("@angular\/[a-z-]+": ")[~^][\d.]+/g, '$122.2.0')
        .replace(/ *"(?:jsdom|vitest)":.+\n/g, ''),
    'tsconfig.json': withLibraries,
    'angular.json': (text) =>
      text.replace('"development": {', `"zone": ${JSON.stringify(zoneConfiguration)},\n"development": {`),
    'src/server.ts': (text) => text.replace('app.listen(port,', `app.listen(Number(port), '127.0.0.1',`),
    'src/app/app.ts': angularApp,
    'src/app/app.routes.ts': angularRoutes,
    'src/app/live.ts': frameworksPage('live.ts'),
    'src/app/init/live.ts': initPage('angular'),
    'src/app/player.ts': frameworksPage('player.ts'),
    'src/app/studio.ts': frameworksPage('studio.ts'),
    'src/app/change-detection.ts': `import { provideZonelessChangeDetection } from '@angular/core';

export const provideChangeDetection = provideZonelessChangeDetection;
`,
    'src/app/zone.ts': `import { provideZoneChangeDetection } from '@angular/core';

export const provideChangeDetection = provideZoneChangeDetection;
`,
    'src/app/app.config.ts': (text) =>
      `import { provideChangeDetection } from './change-detection';\n${text.replace(
        'providers: [',
        'providers: [\n    provideChangeDetection(),',
      )}`,
  },
  builds: [['run', 'build']],
  serve: (port) => ({
    args: ['dist/angular/server/server.mjs'],
    env: { PORT: port, NG_ALLOWED_HOSTS: '127.0.0.1' },
  }),
  develop: (port) => ({
    args: [
      ...['node_modules/@angular/cli/bin/ng.js', 'serve', '--build-target=angular:build:development,zone'],
      ...['--host', '127.0.0.1', '--port', port],
    ],
    env: { PORT: port, NG_ALLOWED_HOSTS: '127.0.0.1' },
  }),
};

export const siteStarters: readonly SiteStarter[] = [next, nuxt, astro, svelteKit, angular];
