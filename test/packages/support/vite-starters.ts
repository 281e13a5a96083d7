import assert from 'node:assert/strict';
import { frameworksPage } from './frameworks-page.js';
import { initPage } from './init-page.js';
import type { Starter } from './starter-project.js';
import { dom, wrappers } from './type-consumers.js';
import { wrongSvelte, wrongSvelteMistakes, wrongVue, wrongVueMistakes } from './wrong-components.js';

/** The version of the starter, so that a new one does not change what is tested. */
const createVite = 'create-vite@9.3.0';

/** A Vite starter, and what its test has to know. */
export interface ViteStarter extends Starter {
  /** Packages of this repository that the documentation tells to install. */
  readonly packed: readonly string[];
  /** Files of the documentation: a component that plays, one with properties, events and a ref, one with both tags and a slot. */
  readonly pages: readonly [live: string, player: string, studio: string];
  /** The starter's program that checks types, and the name of the configuration for its app. */
  readonly checker: readonly [program: string, config: string];
  /** A file with mistakes that the checker must report, and their number. */
  readonly wrong: readonly [path: string, text: string, mistakes: number];
  /** Where the development server shows the page that `gatecast init` writes. */
  readonly initPage: string;
  /** Whether Vite replaces a component in the page. Otherwise it loads the page again. */
  readonly replaces: boolean;
}

/** The configuration of a starter with all checks. */
const strictConfig = (text: string): string =>
  text
    .replace(/"skipLibCheck": true,?/, '')
    .replace(/"compilerOptions": \{/, '$& "strict": true, "skipLibCheck": false,');

type Parts = Omit<ViteStarter, 'name' | 'command' | 'packed'>;

/** A starter of Vite by the name of its template, with the components of the documentation beside its `app`. */
function viteStarter(template: string, { pages, files, checker, ...parts }: Parts): ViteStarter {
  const command = ['create-vite', template, '--template', template, '--no-interactive'];
  const components = pages.map((page) => [`src/${page}`, frameworksPage(page)] as const);
  return {
    name: template,
    command: [createVite, ...command],
    packed: template === 'react-ts' ? ['@gatecast/react'] : ['@gatecast/player', '@gatecast/webcaster'],
    pages,
    checker,
    files: { ...Object.fromEntries(components), [checker[1]]: strictConfig, ...files },
    ...parts,
  };
}

// Each app shows one component at `#live`, the others at `#player`, `#studio` and `#init`, and nothing elsewhere.
const reactApp = `import { useSyncExternalStore } from 'react';
import { Live as InitLive } from './init/Live.tsx';
import { Live } from './Live.tsx';
import { Player } from './Player.tsx';
import { Studio } from './Studio.tsx';

const routes = new Map([['#live', <Live />], ['#player', <Player />], ['#studio', <Studio />], ['#init', <InitLive />]]);

function subscribe(listener: () => void) {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
}

export default function App() {
  const route = useSyncExternalStore(subscribe, () => location.hash);
  return <main>{routes.get(route) ?? <p>Home</p>}</main>;
}
`;

/** The starter's own, in which React mounts each component twice in development. */
function strictMain(text: string): string {
  assert.match(text, /<StrictMode>/);
  return text;
}

const vueApp = `<script setup lang="ts">
import { ref } from 'vue';
import InitLive from './init/Live.vue';
import Live from './Live.vue';
import Player from './Player.vue';
import Studio from './Studio.vue';

const route = ref(location.hash);
addEventListener('hashchange', () => (route.value = location.hash));
</script>

<template>
  <main><Live v-if="route === '#live'" /><Player v-else-if="route === '#player'" /><Studio v-else-if="route === '#studio'" /><InitLive v-else-if="route === '#init'" /><p v-else>Home</p></main>
</template>
`;

const svelteApp = `<script lang="ts">
  import InitLive from './init/Live.svelte';
  import Live from './Live.svelte';
  import Player from './Player.svelte';
  import Studio from './Studio.svelte';

  let route = $state(location.hash);
  addEventListener('hashchange', () => (route = location.hash));
</script>

<main>{#if route === '#live'}<Live />{:else if route === '#player'}<Player />{:else if route === '#studio'}<Studio />{:else if route === '#init'}<InitLive />{:else}<p>Home</p>{/if}</main>
`;

const litApp = `import { LitElement, html } from 'lit';
import './init/live-stream.ts';
import './live-view.ts';
import './player-view.ts';
import './studio-view.ts';

const routes = new Map([
  ['#live', html\`<live-view></live-view>\`],
  ['#player', html\`<player-view></player-view>\`],
  ['#studio', html\`<studio-view></studio-view>\`],
  ['#init', html\`<live-stream></live-stream>\`],
]);

class App extends LitElement {
  constructor() {
    super();
    addEventListener('hashchange', () => this.requestUpdate());
  }

  override render() {
    return routes.get(location.hash) ?? html\`<p>Home</p>\`;
  }
}

customElements.define('my-element', App);
`;

const vanillaApp = `import { createLive } from './create-live.ts';
import { createPlayer } from './create-player.ts';
import { createStudio } from './create-studio.ts';

const routes = new Map([['#live', createLive], ['#player', createPlayer], ['#studio', createStudio]]);

function show() {
  document.querySelector('#app')!.replaceChildren(routes.get(location.hash)?.() ?? 'Home');
}

addEventListener('hashchange', show);
show();
`;

export const viteStarters: readonly ViteStarter[] = [
  viteStarter('react-ts', {
    pages: ['Live.tsx', 'Player.tsx', 'Studio.tsx'],
    files: { 'src/App.tsx': reactApp, 'src/init/Live.tsx': initPage('react'), 'src/main.tsx': strictMain },
    initPage: '/#init',
    checker: ['tsc', 'tsconfig.app.json'],
    wrong: ['src/wrong.tsx', wrappers.wrong, wrappers.mistakes],
    replaces: true,
  }),
  viteStarter('vue-ts', {
    pages: ['Live.vue', 'Player.vue', 'Studio.vue'],
    files: {
      'src/App.vue': vueApp,
      'src/init/Live.vue': initPage('vue'),
      'vite.config.ts': frameworksPage('vite.config.ts'),
    },
    initPage: '/#init',
    checker: ['vue-tsc', 'tsconfig.app.json'],
    wrong: ['src/Wrong.vue', wrongVue, wrongVueMistakes],
    replaces: true,
  }),
  viteStarter('svelte-ts', {
    pages: ['Live.svelte', 'Player.svelte', 'Studio.svelte'],
    files: { 'src/App.svelte': svelteApp, 'src/init/Live.svelte': initPage('svelte') },
    initPage: '/#init',
    checker: ['svelte-check', 'tsconfig.app.json'],
    wrong: ['src/Wrong.svelte', wrongSvelte, wrongSvelteMistakes],
    replaces: true,
  }),
  viteStarter('lit-ts', {
    pages: ['live-view.ts', 'player-view.ts', 'studio-view.ts'],
    files: { 'src/my-element.ts': litApp, 'src/init/live-stream.ts': initPage('lit') },
    initPage: '/#init',
    checker: ['tsc', 'tsconfig.json'],
    wrong: ['src/wrong.ts', dom.wrong, dom.mistakes],
    replaces: false,
  }),
  viteStarter('vanilla-ts', {
    pages: ['create-live.ts', 'create-player.ts', 'create-studio.ts'],
    // Chromium asks for an icon, which the page that `gatecast init` writes does not name.
    files: { 'src/main.ts': vanillaApp, 'init.html': initPage('vite'), 'public/favicon.ico': '' },
    // Its development server forwards /live.
    initPage: '/init.html',
    checker: ['tsc', 'tsconfig.json'],
    wrong: ['src/wrong.ts', dom.wrong, dom.mistakes],
    replaces: false,
  }),
];
