import { demoRenditions } from '../../demo/shared/settings/demo-renditions.js';
import type { BenchSettings } from './pages/bench-settings.js';

export type PageKind =
  | 'hand-written'
  | 'hand-written with token'
  | 'hls-video-element'
  | 'mux-player'
  | 'gatecast'
  | 'gatecast with playlists'
  | 'gatecast with playlists and preconnect'
  | 'gatecast native'
  | 'gatecast entries'
  | 'gatecast updateSource'
  | 'native reload'
  | 'gatecast nanoplayer (a double)'
  | 'nanoplayer reload (a double)';

const autoplay = 'muted autoplay playsinline';

interface PageParts {
  /** Lines of the head before the scripts. */
  readonly hints?: readonly string[];
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

/** Twenty players of three entries, each entry with a token of its own. */
function entriesPage({ src, tokenUrl }: BenchSettings): PageParts {
  const { origin } = new URL(src);
  const sources = demoRenditions.map(
    ({ stream, bitrateKbps, width, height }) =>
      `<source src="${origin}/live/${stream}.m3u8" data-bitrate="${bitrateKbps}" data-width="${width}" data-height="${height}">`,
  );
  // Paused: twenty decoders at once would measure the machine. Tokens are kept fresh all the same.
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
    case 'mux-player': {
      // Told not to report to its vendor: there is no outside network here, and the others do not either.
      const quiet = 'disable-tracking disable-cookies';
      const player = `<mux-player stream-type="live" prefer-playback="mse" ${quiet} ${autoplay}></mux-player>`;
      return { scripts: ['/mux-player.js'], body: player };
    }
    case 'gatecast':
      return gatecast(settings);
    case 'gatecast with playlists':
      return gatecast({ ...settings, tokenUrl: `${settings.tokenUrl}?bootstrap` });
    case 'gatecast with playlists and preconnect':
      // The one line that an author can add: the connection is opened while gatecast.js is still on its way.
      return {
        ...gatecast({ ...settings, tokenUrl: `${settings.tokenUrl}?bootstrap` }),
        hints: [`<link rel="preconnect" href="${new URL(settings.src).origin}" crossorigin>`],
      };
    case 'gatecast native':
      // A native engine signs no segment; from the path the playlist's relative addresses inherit the token.
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
        body: `<secure-player engine="nanoplayer" nanoplayer-src="/nano-player-double.js" token-url="${settings.tokenUrl}" ${autoplay}></secure-player>`,
      };
    case 'nanoplayer reload (a double)':
      return {
        scripts: ['/nano-player-double.js', '/nano-reload.js'],
        body: '<div id="player" style="width:640px;aspect-ratio:16/9"></div>',
      };
  }
}

/** HTML of a page as its author would write it, with the bench's probe before all else. */
export function writePage(kind: PageKind, settings: BenchSettings, probe: string): string {
  const { hints = [], scripts, body } = partsOf(kind, settings);
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>bench</title>',
    '<link rel="icon" href="data:,">',
    '<style>video,hls-video,mux-player,secure-player{width:640px;aspect-ratio:16/9}</style>',
    `<script>{${probe}}</script>`,
    `<script type="application/json" id="settings">${JSON.stringify(settings)}</script>`,
    ...hints,
    ...scripts.map((src) => `<script type="module" src="${src}"></script>`),
    `</head><body>${body}</body></html>`,
  ].join('\n');
}
