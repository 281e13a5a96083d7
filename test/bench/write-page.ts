import { demoRenditions } from '../../demo/shared/settings/demo-renditions.js';
import type { PageBundles } from './page-bundles.js';
import type { BenchSettings } from './pages/bench-settings.js';

export type PageKind =
  | 'hand-written'
  | 'hand-written with token'
  | 'hls-video-element'
  | 'mux-player'
  | 'mux-player with a hook'
  | 'vidstack'
  | 'video.js 8'
  | 'Video.js 10'
  | 'shaka-player'
  | 'gatecast'
  | 'gatecast with head lines'
  | 'gatecast with playlists'
  | 'gatecast with head lines and playlists'
  | 'gatecast with head lines and first media'
  | 'gatecast native'
  | 'gatecast entries'
  | 'gatecast updateSource'
  | 'native reload'
  | 'gatecast nanoplayer (a double)'
  | 'nanoplayer reload (a double)';

const autoplay = 'muted autoplay playsinline';

interface PageParts {
  /** Has the page the line of the script-tag build that starts players before gatecast.js is there? */
  readonly isStarted?: boolean;
  readonly scripts: readonly string[];
  readonly body: string;
}

function gatecast(settings: BenchSettings, attributes = ''): PageParts {
  const { src, tokenUrl } = settings;
  return {
    scripts: ['/gatecast.js'],
    body: `<secure-player src="${src}" token-url="${tokenUrl}" ${attributes} ${autoplay}></secure-player>`,
  };
}

function started(parts: PageParts): PageParts {
  return { ...parts, isStarted: true };
}

/** With this query the token endpoint of the demo answers more than tokens. */
function answering(settings: BenchSettings, query: string): BenchSettings {
  return { ...settings, tokenUrl: `${settings.tokenUrl}?${query}` };
}

/** Twenty players with three entries each. Every entry has its own token. */
function entriesPage({ src, tokenUrl }: BenchSettings): PageParts {
  const { origin } = new URL(src);
  const sources = demoRenditions.map(
    ({ stream, bitrateKbps, width, height }) =>
      `<source src="${origin}/live/${stream}.m3u8" data-bitrate="${bitrateKbps}" data-width="${width}" data-height="${height}">`,
  );
  // Paused, because twenty decoders would load the machine. Tokens are renewed as in playback.
  const player = `<secure-player token-url="${tokenUrl}" muted>${sources.join('')}</secure-player>`;
  return { scripts: ['/gatecast.js'], body: player.repeat(20) };
}

function partsOf(kind: PageKind, settings: BenchSettings): PageParts {
  switch (kind) {
    case 'hand-written':
    case 'hand-written with token':
      return { scripts: ['/hand-written.js'], body: `<video ${autoplay}></video>` };
    case 'hls-video-element':
      return { scripts: ['/hls-video.js'], body: `<hls-video ${autoplay}></hls-video>` };
    case 'mux-player':
    case 'mux-player with a hook': {
      // Without reports to its vendor, because there is no outside network and the other players send none.
      const quiet = 'disable-tracking disable-cookies';
      const player = `<mux-player stream-type="live" prefer-playback="mse" ${quiet} ${autoplay}></mux-player>`;
      return { scripts: [kind === 'mux-player' ? '/mux-player.js' : '/mux-player-hook.js'], body: player };
    }
    case 'vidstack': {
      // Otherwise it waits until it is seen on the screen.
      const player = `<media-player load="eager" ${autoplay}><media-provider></media-provider></media-player>`;
      return { scripts: ['/vidstack.js'], body: player };
    }
    case 'video.js 8':
      return { scripts: ['/video-js-8.js'], body: `<video class="video-js" ${autoplay}></video>` };
    case 'Video.js 10':
      return {
        scripts: ['/video-js-10.js'],
        body: `<video-player><hls-video ${autoplay}></hls-video></video-player>`,
      };
    case 'shaka-player':
      return { scripts: ['/shaka-player.js'], body: `<video ${autoplay}></video>` };
    case 'gatecast':
      return gatecast(settings);
    case 'gatecast with head lines':
      return started(gatecast(settings));
    case 'gatecast with playlists':
      return gatecast(answering(settings, 'bootstrap'));
    case 'gatecast with head lines and playlists':
      return started(gatecast(answering(settings, 'bootstrap')));
    case 'gatecast with head lines and first media':
      return started(gatecast(answering(settings, 'bootstrap=media')));
    case 'gatecast native':
      // A native engine does not sign segments. Relative URLs in the playlist inherit the token from the path.
      return gatecast(settings, 'engine="native" token-placement="path:/t/{token}{path}"');
    case 'gatecast entries':
      return entriesPage(settings);
    case 'gatecast updateSource':
      return {
        scripts: ['/gatecast.js', '/update-source.js'],
        body: `<secure-player ${autoplay}></secure-player>`,
      };
    case 'native reload':
      return { scripts: ['/plain-reload.js'], body: `<video ${autoplay}></video>` };
    case 'gatecast nanoplayer (a double)':
      return {
        scripts: ['/gatecast.js', '/nano-switch.js'],
        body: `<secure-player engine="nanoplayer" nanoplayer-src="/nanoplayer-5.js" token-url="${settings.tokenUrl}" ${autoplay}></secure-player>`,
      };
    case 'nanoplayer reload (a double)':
      return {
        scripts: ['/nanoplayer-5.js', '/nano-reload.js'],
        body: '<div id="player" style="width:640px;aspect-ratio:16/9"></div>',
      };
  }
}

/** HTML of a page as an author would write it, with the bench's probe first. */
export function writePage(
  kind: PageKind,
  settings: BenchSettings,
  { probe, startLine }: PageBundles,
): string {
  const { isStarted = false, scripts, body } = partsOf(kind, settings);
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>bench</title>',
    '<link rel="icon" href="data:,">',
    '<style>video,hls-video,media-player,mux-player,secure-player{display:block;width:640px;aspect-ratio:16/9}</style>',
    `<script>{${probe}}</script>`,
    `<script type="application/json" id="settings">${JSON.stringify(settings)}</script>`,
    ...scripts.map((src) => `<script type="module" src="${src}"></script>`),
    `</head><body>${body}`,
    ...(isStarted ? [startLine] : []),
    '</body></html>',
  ].join('\n');
}
