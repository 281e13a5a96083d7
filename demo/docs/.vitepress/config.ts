import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { defineConfig } from 'vitepress';

const repositoryFolder = join(import.meta.dirname, '../../..');

/** The sidebar's items of a folder: each page under its heading, `index.md` first. A new page needs no line here. */
function pagesOf(folder: string): { text: string; link: string }[] {
  return readdirSync(join(import.meta.dirname, '..', folder))
    .filter((file) => file.endsWith('.md'))
    .map((file) => basename(file, '.md'))
    .sort((a, b) => Number(b === 'index') - Number(a === 'index') || a.localeCompare(b))
    .map((name) => {
      const text = readFileSync(join(import.meta.dirname, '..', folder, `${name}.md`), 'utf8');
      const heading = /^# (.+)$/m.exec(text)?.[1];
      if (heading === undefined) throw new Error(`${folder}/${name}.md has no heading.`);
      return { text: heading, link: `/${folder}/${name === 'index' ? '' : name}` };
    });
}

export default defineConfig({
  title: 'Gatecast',
  description: 'Play and broadcast protected live streams: tokens fetched, attached and renewed for you.',
  lang: 'en',
  base: '/docs/',
  outDir: join(repositoryFolder, '.build/docs'),
  cacheDir: join(repositoryFolder, '.cache/vitepress'),
  // The demo server serves files by their names.
  cleanUrls: false,
  head: [['link', { rel: 'icon', href: '/docs/gatecast-mark.svg', type: 'image/svg+xml' }]],
  vue: { template: { compilerOptions: { isCustomElement: (tag) => tag.startsWith('secure-') } } },
  markdown: {
    // The default themes have too little contrast for small text.
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-default' },
    config: (md) => {
      // A wide table scrolls on a narrow screen, also with the keyboard.
      md.renderer.rules['table_open'] = () => '<table tabindex="0">';
    },
  },
  themeConfig: {
    logo: { src: '/gatecast-mark.svg', alt: '' },
    search: {
      provider: 'local',
      options: {
        // Each member of each export has a section: they come after the pages that a person has written.
        miniSearch: {
          searchOptions: {
            boostDocument: (id: unknown) => (String(id).includes('/generated/packages/') ? 0.2 : 1),
          },
        },
      },
    },
    notFound: { linkLabel: 'Go to the home page', linkText: 'Go to the home page' },
    outline: { level: [2, 3] },
    nav: [
      { text: 'Quick start', link: '/quick-start/' },
      { text: 'Guide', link: '/guide/token-endpoint' },
      { text: 'Reference', link: '/reference/' },
      { text: 'Contribute', link: '/contribute/architecture' },
    ],
    sidebar: [
      {
        text: 'Quick start',
        items: [
          { text: 'Choose a quick start', link: '/quick-start/' },
          { text: 'In a Vite project', link: '/quick-start/vite' },
          { text: 'Frameworks and bundlers', link: '/quick-start/frameworks' },
          { text: 'HLS with signing keys', link: '/quick-start/hls' },
          { text: 'Signed URLs of a CDN', link: '/quick-start/cdn' },
          { text: 'H5Live with STS or JWT', link: '/quick-start/h5live' },
          { text: 'Webcaster with JWT', link: '/quick-start/webcaster' },
          { text: 'WHIP', link: '/quick-start/whip' },
        ],
      },
      {
        text: 'Guide',
        items: [
          { text: 'Start from the command line', link: '/guide/command-line' },
          { text: 'It does not play', link: '/guide/it-does-not-play' },
          { text: 'Use the endpoint that you have', link: '/guide/your-endpoint' },
          { text: 'Token endpoint', link: '/guide/token-endpoint' },
          { text: 'Backends in other frameworks', link: '/guide/backends' },
          { text: 'OpenAPI document', link: '/guide/openapi' },
          { text: 'Start faster', link: '/guide/start-faster' },
          { text: 'Recordings, captions, low latency', link: '/guide/stream-kinds' },
          { text: 'Controls and appearance', link: '/guide/controls' },
          { text: 'Start time, memory, lazy loading', link: '/guide/playback' },
          { text: 'Measure what viewers see', link: '/guide/analytics' },
          { text: 'Security', link: '/guide/security' },
          { text: 'Security requirements', link: '/guide/security-requirements' },
          { text: 'Proof of possession', link: '/guide/proof-of-possession' },
          { text: 'Engines and browsers', link: '/guide/engines' },
          { text: 'Testing', link: '/guide/testing' },
          { text: 'Run the token server in production', link: '/guide/production' },
          { text: 'Operations', link: '/guide/operations' },
          { text: 'Compared and measured', link: '/guide/compared' },
        ],
      },
      { text: 'Engines', items: pagesOf('engines') },
      { text: 'Publishers', items: pagesOf('publishers') },
      { text: 'Issuers', items: pagesOf('issuers') },
      {
        text: 'Reference',
        items: [
          { text: 'Overview', link: '/reference/' },
          { text: '&lt;secure-player&gt;', link: '/reference/generated/elements/secure-player' },
          { text: '&lt;secure-webcaster&gt;', link: '/reference/generated/elements/secure-webcaster' },
          { text: 'Error codes', link: '/reference/errors' },
          { text: 'Options of gatecast serve', link: '/reference/serve' },
          { text: 'The packages’ exports', link: '/reference/generated/packages/' },
        ],
      },
      {
        text: 'Contribute',
        items: [
          { text: 'Architecture', link: '/contribute/architecture' },
          { text: 'Contributing', link: '/contribute/how-to' },
        ],
      },
      { text: 'Decisions', items: pagesOf('contribute/decisions') },
    ],
  },
});
