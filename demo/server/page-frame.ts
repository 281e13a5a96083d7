import type { Plugin } from 'vite';

interface PageLink {
  readonly path: string;
  readonly label: string;
}

/** Links in the navigation of each page. */
const pages: readonly PageLink[] = [
  { path: '/player/', label: 'Player' },
  { path: '/webcaster/', label: 'Webcaster' },
  { path: '/studio/', label: 'Studio' },
  { path: '/lab/', label: 'QA lab' },
  { path: '/vendor-link/', label: 'Vendor link' },
  { path: '/embed/', label: 'Embed' },
  { path: '/docs/', label: 'Docs' },
];

const head = `<meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <link rel="icon" href="/shared/gatecast-mark.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="/shared/page.css" />`;

const footer = `<footer class="site-footer">
      <div class="width">
        <span>Gatecast, MIT licence</span>
        <a href="/gatecast.js">gatecast.js</a>
        <a href="/csp/">Strict CSP</a>
        <a href="/api/qa/log">Request log</a>
        <a href="/api/qa/faults">Faults</a>
        <a href="/.well-known/jwks.json">Public keys</a>
      </div>
    </footer>`;

/** Shown by page.css after three seconds, unless the page's module has removed it. */
const loadNotice = `<p class="load-notice" id="load-notice" role="alert">
      The scripts of this page did not load. Check the network and content blockers, then reload the page.
    </p>`;

/** Fills the marks `<!-- page … -->` in the HTML of each page. */
export function pageFrame(): Plugin {
  return {
    name: 'gatecast-page-frame',
    transformIndexHtml: {
      // Must run before Vite processes scripts and styles.
      order: 'pre',
      handler: (html, { path }) => framePage(html, path.replace(/index\.html$/, '')),
    },
  };
}

/** Parts that several pages share, by the name in their mark. */
const parts: Readonly<Record<string, string>> = {
  head,
  footer,
  settings: `<div class="card-head">
            <div>
              <h2 id="settings-title">Attributes</h2>
              <p>Each field is also a URL parameter of this page, with the same name.</p>
            </div>
          </div>`,
  embed: `<text-panel
            id="embed"
            class="card"
            heading="HTML for your page"
            copy-label="Copy HTML"
          ></text-panel>`,
  diagnostics: `<text-panel
            id="diagnostics"
            class="card tall"
            heading="Diagnostics"
            copy-label="Copy JSON"
            on-demand
            note="For a support ticket. Contains no token."
          ></text-panel>`,
};

/** Adds head, header, footer and other shared parts to the HTML of a page. `path` is its folder, for example `/player/`. */
export function framePage(html: string, path: string): string {
  return html
    .replace('<!-- page header -->', () => writeHeader(path))
    .replace(/<!-- page ([a-z]+) -->/g, (mark, name: string) => parts[name] ?? mark);
}

function writeHeader(path: string): string {
  const current = (target: string): string => (target === path ? ' aria-current="page"' : '');
  const links = pages.map((page) => `<a href="${page.path}"${current(page.path)}>${page.label}</a>`);
  return `<header class="site-header">
      <div class="width">
        <a class="brand" href="/"${current('/')}
          ><img src="/shared/gatecast-mark.svg" width="28" height="28" alt="" />Gatecast</a
        >
        <button class="button" type="button" popovertarget="site-nav">Menu</button>
        <nav class="site-nav" id="site-nav" aria-label="Demo pages" popover>
          ${links.join('\n          ')}
        </nav>
      </div>
    </header>
    ${loadNotice}`;
}
