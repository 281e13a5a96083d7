/** What a page plays. The values contain no character that has a meaning in markup or in a string. */
export interface PageValues {
  readonly src: string;
  readonly stream: string;
  readonly tokenUrl: string;
}

/** A page or component for one framework. */
export interface InitFramework {
  readonly name: string;
  readonly title: string;
  /** Packages that the page imports. */
  readonly packages: readonly string[];
  /** File of the page below the folder of the configuration. */
  readonly file: string;
  /** Origin at which the development server of this framework serves the page. */
  readonly origin: string;
  /** What to do with the page, as commands or as a sentence each. */
  readonly steps: readonly string[];
  page(values: PageValues): string;
}

/** The attributes of the tag, one in each line. */
function attributes({ src, stream, tokenUrl }: PageValues, indent: string): string {
  return [
    `src="${src}"`,
    `stream="${stream}"`,
    `token-url="${tokenUrl}"`,
    'token-credentials="include"',
    'controls',
    'muted',
    'autoplay',
    'playsinline',
  ]
    .map((line) => `${indent}${line}\n`)
    .join('');
}

/** The same as props of the React component. */
function props({ src, stream, tokenUrl }: PageValues): string {
  return [
    `src="${src}"`,
    `stream="${stream}"`,
    `tokenUrl="${tokenUrl}"`,
    'tokenCredentials="include"',
    'controls',
    'muted',
    'autoPlay',
    'playsInline',
  ]
    .map((line) => `      ${line}\n`)
    .join('');
}

/** A page without a framework, whose script defines the tag. */
function htmlPage(script: string, values: PageValues): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>Live</title>
    <style>
      secure-player {
        display: block;
        aspect-ratio: 16 / 9;
      }
    </style>
    ${script}
  </head>
  <body>
    <secure-player
${attributes(values, '      ')}    ></secure-player>
  </body>
</html>
`;
}

function vueComponent(values: PageValues): string {
  return `<script setup lang="ts">
import '@gatecast/player/define';
import type {} from '@gatecast/player/vue';
</script>

<template>
  <secure-player
${attributes(values, '    ')}  />
</template>
`;
}

function svelteComponent(values: PageValues): string {
  return `<script lang="ts">
  import '@gatecast/player/define';
  import type {} from '@gatecast/player/svelte';
</script>

<secure-player
${attributes(values, '  ')}></secure-player>
`;
}

/** The frameworks that `gatecast init` writes a page for. The guide of the command line shows each page. */
export const initFrameworks: readonly InitFramework[] = [
  {
    name: 'html',
    title: 'Plain HTML with the script tag',
    packages: ['@gatecast/script-tag'],
    file: 'public/index.html',
    origin: 'http://localhost:5173',
    steps: [
      'cp node_modules/@gatecast/script-tag/dist/*.js public/',
      'Serve the folder public at http://localhost:5173 with any web server, such as: npx http-server public -p 5173',
    ],
    page: (values) => htmlPage('<script type="module" src="./gatecast.js"></script>', values),
  },
  {
    name: 'vite',
    title: 'Vite without a framework',
    packages: ['@gatecast/player'],
    file: 'live.html',
    origin: 'http://localhost:5173',
    steps: ['Start Vite, and open http://localhost:5173/live.html'],
    page: (values) =>
      htmlPage(
        `<script type="module">
      import '@gatecast/player/define';
    </script>`,
        values,
      ),
  },
  {
    name: 'react',
    title: 'React',
    packages: ['@gatecast/react'],
    file: 'src/Live.tsx',
    origin: 'http://localhost:5173',
    steps: ['Render <Live /> of src/Live.tsx in your app.'],
    page: (values) => `import { SecurePlayer } from '@gatecast/react';

export function Live() {
  return (
    <SecurePlayer
${props(values)}    />
  );
}
`,
  },
  {
    name: 'next',
    title: 'Next.js (app router)',
    packages: ['@gatecast/react'],
    file: 'app/live/page.tsx',
    origin: 'http://localhost:3000',
    steps: ['Start Next.js, and open http://localhost:3000/live'],
    page: (values) => `import { SecurePlayer } from '@gatecast/react';

export default function LivePage() {
  return (
    <SecurePlayer
${props(values)}    />
  );
}
`,
  },
  {
    name: 'vue',
    title: 'Vue',
    packages: ['@gatecast/player'],
    file: 'src/Live.vue',
    origin: 'http://localhost:5173',
    steps: [
      "Set template.compilerOptions.isCustomElement in vite.config to (tag) => tag.startsWith('secure-').",
      'Render <Live /> of src/Live.vue in your app.',
    ],
    page: vueComponent,
  },
  {
    name: 'nuxt',
    title: 'Nuxt',
    packages: ['@gatecast/player'],
    file: 'app/pages/live.vue',
    origin: 'http://localhost:3000',
    steps: [
      "Set vue.compilerOptions.isCustomElement in nuxt.config.ts to (tag) => tag.startsWith('secure-').",
      'Write <NuxtPage /> into app/app.vue if your app has no other page: a new project does not show pages without it.',
      'Start Nuxt, and open http://localhost:3000/live',
    ],
    page: vueComponent,
  },
  {
    name: 'svelte',
    title: 'Svelte',
    packages: ['@gatecast/player'],
    file: 'src/lib/Live.svelte',
    origin: 'http://localhost:5173',
    steps: ['Render <Live /> of src/lib/Live.svelte in your app.'],
    page: svelteComponent,
  },
  {
    name: 'sveltekit',
    title: 'SvelteKit',
    packages: ['@gatecast/player'],
    file: 'src/routes/live/+page.svelte',
    origin: 'http://localhost:5173',
    steps: ['Start SvelteKit, and open http://localhost:5173/live'],
    page: svelteComponent,
  },
  {
    name: 'lit',
    title: 'Lit',
    packages: ['@gatecast/player'],
    file: 'src/live-stream.ts',
    origin: 'http://localhost:5173',
    steps: [
      'Import src/live-stream.ts in your app, and write <live-stream></live-stream> in a template or a page.',
    ],
    // Styles of the page do not reach into its shadow root.
    page: (values) => `import { LitElement, css, html } from 'lit';
import '@gatecast/player/define';

class LiveStream extends LitElement {
  static override styles = css\`
    secure-player {
      display: block;
      aspect-ratio: 16 / 9;
    }
  \`;

  override render() {
    return html\`<secure-player
${attributes(values, '      ')}    ></secure-player>\`;
  }
}

customElements.define('live-stream', LiveStream);
`,
  },
  {
    name: 'angular',
    title: 'Angular',
    packages: ['@gatecast/player'],
    file: 'src/app/live.ts',
    origin: 'http://localhost:4200',
    steps: ['Import the component Live of src/app/live.ts, and write <app-live /> in a template.'],
    page: (values) => `import { Component, CUSTOM_ELEMENTS_SCHEMA } from '@angular/core';
import '@gatecast/player/define';

@Component({
  selector: 'app-live',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: \`<secure-player
${attributes(values, '    ')}  ></secure-player>\`,
})
export class Live {}
`,
  },
  {
    name: 'astro',
    title: 'Astro',
    packages: ['@gatecast/player'],
    file: 'src/pages/live.astro',
    origin: 'http://localhost:4321',
    steps: ['Start Astro, and open http://localhost:4321/live'],
    page: (values) => `---
import type {} from '@gatecast/player/astro';
---

<secure-player
${attributes(values, '  ')}></secure-player>
<script>
  import '@gatecast/player/define';
</script>
`,
  },
];
