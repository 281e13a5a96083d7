import type { SchemeRow } from '../../../demo/backend/schemes/scheme-row.js';

/** What a team writes for one scheme, as text. */
export interface SchemeSnippets {
  /** HTML of the page with Gatecast. */
  readonly gatecastPage: string;
  /** Configuration of the issuer in `gatecast serve`, JSON. */
  readonly gatecastServer: string;
  /** HTML of the page with hls.js. Its script calls the function `play`, which is counted apart. */
  readonly handWrittenPage: string;
}

const root = 'https://media.example.com/live';
const stream = 'demo';
const tokenUrl = '/api/tokens';
/** Attributes that both elements have. */
const media = 'controls muted autoplay playsinline';

/** Writes the snippets of a scheme. */
export function schemeSnippets(row: SchemeRow): SchemeSnippets {
  const src = `${root}/${(row.entry ?? '{stream}/index.m3u8').replace('{stream}', stream)}`;
  const attributes = Object.entries({
    ...(!row.namesEntry && { src }),
    ...{ stream, 'token-url': tokenUrl },
    ...row.attributes,
  }).map(([name, value]) => `${name}="${value}"`);
  const call = { ...(needsSource(row) && { src }), tokenUrl, stream };
  return {
    gatecastPage: `<secure-player ${attributes.join(' ')} ${media}></secure-player>
<script type="module" src="/gatecast.js"></script>`,
    gatecastServer: `{\n${Object.entries(row.config(root))
      .map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`)
      .join(',\n')}\n}`,
    handWrittenPage: `<video ${media}></video>
<script type="module">
play(document.querySelector('video'), ${JSON.stringify(call)});
</script>`,
  };
}

/** Where only the first address is signed, the answer names it. In all other cases the page decides which origin gets tokens. */
function needsSource({ way, namesEntry }: SchemeRow): boolean {
  return way !== 'playlists' || !namesEntry;
}
