/** A small program that uses the tags. `wrong` contains mistakes that the compiler must report. */
export interface TypeConsumer {
  readonly name: string;
  readonly right: string;
  readonly wrong: string;
  /** Number of mistakes in `wrong`. */
  readonly mistakes: number;
}

const jsxImports = `import type {} from '@gatecast/player/react';
import type {} from '@gatecast/webcaster/react';
`;

/** For React 18 and 19: the tags. */
export const jsxTags: TypeConsumer = {
  name: 'jsx-tags',
  right: `${jsxImports}
export const tags = (
  <main>
    <secure-player src="/a.m3u8" token-url="/api/tokens" tokenUrl="/api/tokens" refresh-lead={30} muted autoplay
      playsinline engine="hls" className="wide" id="player" key="1" source={{ entries: [] }}
      onsecure-token-refreshed={(event) => event.expiresAtMs} onsecure-error={({ error }) => error.code}
      onsecure-controls-replaced={({ reason }) => reason.trim()} onstreamtypechange={(event) => event.type}
      onplaying={(event) => event.type} onerror={(event) => event.type} onClick={(event) => event.currentTarget.paused}>
      <source src="/high.m3u8" data-stream="high" label="high" />
    </secure-player>
    <secure-player src="/a.m3u8" autoPlay playsInline crossOrigin="anonymous" />
    <secure-webcaster endpoint="/whip/a" publisher="whip" video-bitrate={2500} audio-bitrate="64" controls
      onsecure-broadcast-state={({ state, previous }) => [state, previous]} />
  </main>
);
`,
  wrong: `${jsxImports}
export const engine = <secure-player engine="flash" />;
export const lead = <secure-player refresh-lead="soon" />;
export const event = <secure-player onsecure-error={(event) => event.nothing} />;
export const publisher = <secure-webcaster publisher="rtmp" />;
export const unheard = <secure-player onPlaying={() => undefined} />;
export const label = <source label={1} />;
`,
  mistakes: 6,
};

/** For React 18 and 19: the wrapper components. */
export const wrappers: TypeConsumer = {
  name: 'wrappers',
  right: `import { useRef } from 'react';
import type { SecurePlayer as SecurePlayerElement } from '@gatecast/player';
import { SecurePlayer, SecureWebcaster } from '@gatecast/react';

export function Page() {
  const player = useRef<SecurePlayerElement>(null);
  return (
    <main onClick={() => void player.current?.refreshToken()}>
      <SecurePlayer ref={player} src="/a.m3u8" tokenUrl="/api/tokens" muted autoplay className="wide"
        onSecureTokenRefreshed={(event) => event.reason} onSecureError={({ error }) => error.code}
        onSecureControlsReplaced={({ reason }) => reason.trim()} onStreamTypeChange={(event) => event.type}
        onPlaying={(event) => event.type} tokenSource={async () => ({ tokens: [] })} />
      <SecurePlayer autoPlay playsInline crossOrigin="anonymous" stream={undefined} />
      <SecurePlayer playsinline crossorigin="anonymous" onClick={(event) => event.currentTarget.paused} />
      <SecureWebcaster endpoint="/whip/a" onSecureBroadcastState={({ state }) => state} />
    </main>
  );
}
`,
  wrong: `import { SecurePlayer, SecureWebcaster } from '@gatecast/react';
export const engine = <SecurePlayer engine="flash" />;
export const event = <SecurePlayer onSecureError={(event) => event.nothing} />;
export const publisher = <SecureWebcaster publisher="rtmp" />;
export const begin = <SecurePlayer autoPlay="soon" />;
`,
  mistakes: 4,
};

export const dom: TypeConsumer = {
  name: 'dom',
  right: `import '@gatecast/player/define';
import '@gatecast/webcaster/define';

const player = document.createElement('secure-player');
player.tokenUrl = '/api/tokens';
player.addEventListener('secure-entry-changed', ({ label }) => label.trim());
export const state = document.querySelector('secure-webcaster')?.state;
`,
  wrong: `import '@gatecast/player/define';
const player = document.createElement('secure-player');
player.engine = 'flash';
player.addEventListener('secure-error', (event) => event.nothing);
`,
  mistakes: 2,
};

const vueTypes = `import type { GlobalComponents, SourceHTMLAttributes } from 'vue';
import type {} from '@gatecast/player/vue';
import type {} from '@gatecast/webcaster/vue';

type Player = InstanceType<GlobalComponents['secure-player']>;
type Webcaster = InstanceType<GlobalComponents['secure-webcaster']>;
`;

export const vue: TypeConsumer = {
  name: 'vue',
  right: `${vueTypes}
export const props: Player['$props'] = { src: '/a.m3u8', 'token-url': '/api/tokens', tokenUrl: '/b', class: 'wide', key: 1 };
export const listen = (emit: Player['$emit'], event: HTMLElementEventMap['secure-error']) => emit('secure-error', event);
export const webcaster: Webcaster['$props'] = { endpoint: '/whip/a', 'video-bitrate': 2500, 'audio-bitrate': '64' };
export const source: SourceHTMLAttributes = { src: '/high.m3u8', label: 'high' };
`,
  wrong: `${vueTypes}
export const props: Player['$props'] = { engine: 'flash' };
export const listen = (emit: Player['$emit']) => emit('secure-nothing');
export const webcaster: Webcaster['$props'] = { publisher: 'rtmp' };
export const source: SourceHTMLAttributes = { label: 1 };
`,
  mistakes: 4,
};

const svelteTypes = `import type { SvelteHTMLElements } from 'svelte/elements';
import type {} from '@gatecast/player/svelte';
import type {} from '@gatecast/webcaster/svelte';
`;

export const svelte: TypeConsumer = {
  name: 'svelte',
  right: `${svelteTypes}
export const player: SvelteHTMLElements['secure-player'] = {
  src: '/a.m3u8', 'token-url': '/api/tokens', 'refresh-lead': '30', class: 'wide', 'onsecure-error': ({ error }) => error.code,
};
export const webcaster: SvelteHTMLElements['secure-webcaster'] = { endpoint: '/whip/a', controls: true };
export const source: SvelteHTMLElements['source'] = { src: '/high.m3u8', label: 'high' };
`,
  wrong: `${svelteTypes}
export const engine: SvelteHTMLElements['secure-player'] = { engine: 'flash' };
export const event: SvelteHTMLElements['secure-player'] = { 'onsecure-error': (event) => event.nothing };
export const webcaster: SvelteHTMLElements['secure-webcaster'] = { publisher: 'rtmp' };
export const source: SvelteHTMLElements['source'] = { label: 1 };
`,
  mistakes: 4,
};
