import { join } from 'node:path';
import { recipesOf } from '../../docs/support/endpoint-recipes.js';
import { handWrittenEndpoints } from '../by-hand/endpoints/hand-written-endpoints.js';
import { countLines } from './count-lines.js';
import { countModuleLines } from './count-module-lines.js';

/** Lines that a team writes for one kind of token endpoint, the tag and its script included. */
export interface EndpointLines {
  /** Heading of the recipe. */
  readonly heading: string;
  readonly gatecast: number;
  readonly hls: number;
  readonly mux: number;
  /** Module of the request in the pages with hls.js and mux-player. */
  readonly module: string;
}

const folder = join(import.meta.dirname, '../by-hand');
const SRC = 'https://media.example.com/live/demo.m3u8';
const media = 'controls muted autoplay playsinline';

/** Counts the lines for each kind of endpoint: the content of `demo/docs/endpoint-lines.json`. */
export async function countEndpoints(): Promise<readonly EndpointLines[]> {
  return Promise.all(
    Object.entries(handWrittenEndpoints).map(async ([heading, module]) => {
      const request = join(folder, `endpoints/${module}.ts`);
      // The request for an endpoint of the contract, which `playSigned` also has.
      const contract = join(folder, 'fetch-item.ts');
      const [gatecast, hlsPage, muxPage, hls, mux] = await Promise.all([
        countLines(gatecastPage(recipesOf(heading)[0] ?? ''), 'html'),
        countLines(pageWith('video'), 'html'),
        countLines(pageWith('mux-player'), 'html'),
        countModuleLines([join(folder, 'endpoints/play-with-hls.ts'), request], [contract]),
        countModuleLines([join(folder, 'endpoints/play-with-mux-player.ts'), request]),
      ]);
      return { heading, gatecast, hls: hlsPage + hls, mux: muxPage + mux, module };
    }),
  );
}

function gatecastPage(recipe: string): string {
  const address = recipe.includes('tokenEndpoint') ? '' : ` token-url="/my/token"`;
  const tag = `<secure-player src="${SRC}"${address} ${media}></secure-player>`;
  return recipe.includes('tokenEndpoint')
    ? `${tag}\n<script type="module">\n${recipe.replace('@gatecast/player', '/gatecast.js')}</script>`
    : `${tag}\n<script type="module" src="/gatecast.js"></script>`;
}

/** Its script calls `play`, which is counted apart. */
function pageWith(tag: string): string {
  const call = JSON.stringify({ src: SRC, stream: 'demo' });
  return `<${tag} ${media}></${tag}>
<script type="module">
play(document.querySelector('${tag}'), ${call}, fetchToken);
</script>`;
}
