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
import { SecurePlayer, SecureWebcaster, setPlayerMessages, tokenEndpoint } from '@gatecast/react';
import type { SecurePlayerElement, SecureWebcasterElement, TokenFunction } from '@gatecast/react';

setPlayerMessages('fr', { play: 'Lire' });
export const tokenSource: TokenFunction = async () => 'token';
export const endpoint: TokenFunction = tokenEndpoint({ url: '/token', map: ({ jwt }: { jwt: string }) => jwt });
export const state = (webcaster: SecureWebcasterElement) => webcaster.state;

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
  wrong: `import { SecurePlayer, SecureWebcaster, tokenEndpoint } from '@gatecast/react';
export const engine = <SecurePlayer engine="flash" />;
export const event = <SecurePlayer onSecureError={(event) => event.nothing} />;
export const publisher = <SecureWebcaster publisher="rtmp" />;
export const begin = <SecurePlayer autoPlay="soon" />;
export const source = <SecurePlayer tokenSource={tokenEndpoint({ url: '/token', metod: 'GET' })} />;
`,
  mistakes: 5,
};

export const dom: TypeConsumer = {
  name: 'dom',
  right: `import '@gatecast/player/define';
import '@gatecast/webcaster/define';
import type { TokenFunction } from '@gatecast/player';

const player = document.createElement('secure-player');
player.tokenUrl = '/api/tokens';
player.hlsConfig = { lowLatencyMode: true, maxBufferLength: 20 };
export const tokenSource: TokenFunction = ({ streams }, { signal }) => fetch(streams.join(), { signal });
player.tokenSource = tokenSource;
player.addEventListener('secure-entry-changed', ({ label }) => label.trim());
export const state = document.querySelector('secure-webcaster')?.state;
`,
  wrong: `import '@gatecast/player/define';
const player = document.createElement('secure-player');
player.engine = 'flash';
player.hlsConfig = { maxBufferLenght: 20 };
player.addEventListener('secure-error', (event) => event.nothing);
`,
  mistakes: 3,
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

export const astro: TypeConsumer = {
  name: 'astro',
  right: `/// <reference path="./package/astro-jsx.d.ts" />
import type {} from '@gatecast/player/astro';
import type {} from '@gatecast/webcaster/astro';
type Tags = astroHTML.JSX.DefinedIntrinsicElements;
export const player: Tags['secure-player'] = { src: '/a.m3u8', 'token-url': '/api/tokens', 'refresh-lead': '30', muted: true, class: 'wide' };
export const source: Tags['source'] = { src: '/high.m3u8', label: 'high' };
export const webcaster: Tags['secure-webcaster'] = { endpoint: '/whip/a', controls: true };
`,
  wrong: `/// <reference path="./package/astro-jsx.d.ts" />
import type {} from '@gatecast/player/astro';
type Tags = astroHTML.JSX.DefinedIntrinsicElements;
export const player: Tags['secure-player'] = { engine: 'flash' };
export const property: Tags['secure-player'] = { tokenUrl: '/api/tokens' };
export const source: Tags['source'] = { label: 1 };
`,
  mistakes: 3,
};

const angularImports = `import { Component, CUSTOM_ELEMENTS_SCHEMA, ElementRef, viewChild } from '@angular/core';
import '@gatecast/player/define';
import '@gatecast/webcaster/define';
import type { SecureErrorEvent } from '@gatecast/player';
`;

/** Components with the tags in their templates, of which Angular checks only what the class has. */
export const angular: TypeConsumer = {
  name: 'angular',
  right: `${angularImports}
@Component({
  selector: 'app-right',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: \`
    <secure-player #player [src]="src" [tokenSource]="tokenSource" token-url="/api/tokens" muted (secure-error)="onError($event)">
      <source src="/high.m3u8" data-stream="high" label="high" />
    </secure-player>
    <secure-webcaster endpoint="/whip/a" controls (secure-broadcast-state)="state = $event.state"></secure-webcaster>\`,
})
export class Right {
  readonly player = viewChild.required<ElementRef<HTMLElementTagNameMap['secure-player']>>('player');
  src = '/a.m3u8';
  state = '';
  readonly tokenSource = async (): Promise<string> => 'token';

  onError({ error }: SecureErrorEvent): void {
    error.code.trim();
    void this.player().nativeElement.refreshToken();
  }
}
`,
  // Angular checks templates only when TypeScript has found nothing.
  wrong: `${angularImports}
@Component({
  selector: 'app-wrong',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: \`
    <secure-player #view (secure-error)="onFailure($event)"></secure-player>
    <button (click)="onError('text')">{{ player().nativeElement.nothing }}</button>\`,
})
export class Wrong {
  readonly player = viewChild.required<ElementRef<HTMLElementTagNameMap['secure-player']>>('view');

  onError({ error }: SecureErrorEvent): void {
    error.code.trim();
  }
}
`,
  mistakes: 3,
};

const scriptTagTypes = `/// <reference path="./node_modules/@gatecast/script-tag/dist/gatecast.d.ts" />
`;

/** A page without a bundler: the tags are known by the file of types alone. */
export const scriptTag: TypeConsumer = {
  name: 'script-tag',
  right: `${scriptTagTypes}
const player = document.querySelector('secure-player');
player?.addEventListener('secure-error', ({ error }) => error.code.trim());
export const hidden = player?.hidden;
export const states = player?.tokenStates.map(({ state }) => state);
export const state = document.querySelector('secure-webcaster')?.state;
`,
  wrong: `${scriptTagTypes}
const player = document.createElement('secure-player');
player.engine = 'flash';
player.addEventListener('secure-error', (event) => event.nothing);
`,
  mistakes: 2,
};

/** A backend in Node. */
export const backend: TypeConsumer = {
  name: 'backend',
  right: `import { createKeySet, createTokenHandler, importSigningKey, jwtIssuer } from '@gatecast/server';
import { toNodeListener } from '@gatecast/server/node';

const keys = createKeySet([await importSigningKey('')]);
export const listener = toNodeListener(
  createTokenHandler({ issuers: { playback: jwtIssuer({ keys }) }, authorize: (request, { streams }) => streams.length === 1 }),
);
`,
  wrong: `import { createTokenHandler } from '@gatecast/server';
export const handler = createTokenHandler({ issuers: {}, authorize: () => 'yes' });
`,
  mistakes: 1,
};
