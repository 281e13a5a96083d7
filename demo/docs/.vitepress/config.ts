import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { defineConfig } from 'vitepress';
import { mendTheme } from './mend-theme.js';
import { shapeTables } from './shape-tables.js';

const repositoryFolder = join(import.meta.dirname, '../../..');

/** The title of a page, such as `guide/security`: its heading. */
function titleOf(path: string): string {
  const heading = /^# (.+)$/m.exec(readFileSync(join(import.meta.dirname, '..', `${path}.md`), 'utf8'))?.[1];
  if (heading === undefined) throw new Error(`${path}.md has no heading.`);
  return heading;
}

/** The sidebar's item of a page. */
const page = (link: string): { text: string; link: string } => ({
  text: titleOf(link.slice(1).replace(/\/$/, '/index')),
  link,
});

/** The sidebar's items of a folder: each page under its heading, `index.md` first. A new page needs no line here. */
function pagesOf(folder: string): { text: string; link: string }[] {
  return readdirSync(join(import.meta.dirname, '..', folder))
    .filter((file) => file.endsWith('.md'))
    .map((file) => basename(file, '.md'))
    .sort((a, b) => Number(b === 'index') - Number(a === 'index') || a.localeCompare(b))
    .map((name) => page(`/${folder}/${name === 'index' ? '' : name}`));
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
  vite: { plugins: [mendTheme()] },
  vue: { template: { compilerOptions: { isCustomElement: (tag) => tag.startsWith('secure-') } } },
  markdown: {
    // The default themes have too little contrast for small text.
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-default' },
    config: shapeTables,
  },
  themeConfig: {
    logo: { src: '/gatecast-mark.svg', alt: '' },
    search: {
      provider: 'local',
      options: {
        // The front matter of a page may have words that people type and the page does not use.
        _render: (text, env, markdown) => {
          const html = markdown.render(text, env);
          const words: unknown = env.frontmatter?.['searchWords'];
          return typeof words === 'string' ? html.replace('</h1>', () => `</h1><p>${words}</p>`) : html;
        },
        // Each member of each export has a section, and the OpenAPI document has nearly every word: they come after the
        // pages that a person has written.
        miniSearch: {
          searchOptions: {
            boostDocument: (id: unknown) =>
              /\/generated\/packages\/|openapi\.html#the-document/.test(String(id)) ? 0.2 : 1,
            boostTerm: (term: string) =>
              /^(an?|and|at|by|for|in|is|my|of|on|or|the|to)$/.test(term) ? 0.05 : 1,
          },
        },
      },
    },
    // Whether a switch is on is its state: its name stays the same.
    lightModeSwitchTitle: 'Dark theme',
    darkModeSwitchTitle: 'Dark theme',
    notFound: {
      title: 'Page not found',
      quote: 'The address may be mistyped, or the page has moved. The search finds it by its words.',
      linkLabel: 'Go to the home page',
      linkText: 'Go to the home page',
    },
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
          page('/quick-start/'),
          page('/quick-start/vite'),
          page('/quick-start/frameworks'),
          page('/quick-start/hls'),
          page('/quick-start/cdn'),
          page('/quick-start/h5live'),
          page('/quick-start/webcaster'),
          page('/quick-start/whip'),
        ],
      },
      {
        text: 'Guide',
        items: [
          page('/guide/command-line'),
          page('/guide/it-does-not-play'),
          page('/guide/your-endpoint'),
          page('/guide/token-endpoint'),
          page('/guide/backends'),
          page('/guide/openapi'),
          page('/guide/start-faster'),
          page('/guide/stream-kinds'),
          page('/guide/drm'),
          page('/guide/controls'),
          page('/guide/playback'),
          page('/guide/analytics'),
          page('/guide/security'),
          page('/guide/security-requirements'),
          page('/guide/proof-of-possession'),
          page('/guide/go-live'),
          page('/guide/picture'),
          page('/guide/codecs'),
          page('/guide/sending'),
          page('/guide/tabs'),
          page('/guide/embed'),
          page('/guide/revoke'),
          page('/guide/receivers'),
          page('/guide/whep-and-hls'),
          page('/guide/engines'),
          page('/guide/testing'),
          page('/guide/production'),
          page('/guide/operations'),
          page('/guide/compared'),
        ],
      },
      { text: 'Your own player', items: pagesOf('adapters') },
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
          { text: 'Command line', link: '/reference/generated/command-line' },
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
