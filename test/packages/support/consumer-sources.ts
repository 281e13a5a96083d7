/** What the pages of consumer projects say; each is as a reader of the documentation would write it. */
export const playerTag =
  '<secure-player src="/live/demo.m3u8" token-url="/api/tokens" muted autoplay></secure-player>';

export const vitePage = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8" /><title>Vite</title><link rel="icon" href="data:," /></head>
  <body>
    ${playerTag}
    <secure-webcaster endpoint="/whip/studio" token-url="/api/tokens" controls></secure-webcaster>
    <script type="module" src="/main.js"></script>
  </body>
</html>`;

export const viteMain = `import '@gatecast/player/define';
import '@gatecast/webcaster/define';
`;

export const viteConfig = `export default {
  build: { rollupOptions: { input: ['index.html', 'react.html', 'broadcast.html'] } },
};
`;

export const reactPage = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8" /><title>React</title><link rel="icon" href="data:," /></head>
  <body>
    <div id="root"></div>
    <script type="module" src="/react.js"></script>
  </body>
</html>`;

/** Leaves in \`window.page\` what a test needs: what was heard, and ways to render again and to unmount. */
export const reactMain = `import { SecurePlayer } from '@gatecast/react';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';

const root = createRoot(document.querySelector('#root'));
const heard = [];

function render(listener) {
  root.render(
    createElement(SecurePlayer, {
      src: '/live/demo.m3u8',
      tokenUrl: '/api/tokens',
      muted: true,
      autoplay: true,
      onSecureTokenRefreshed: ({ reason }) => heard.push(listener + ' ' + reason),
      onPlaying: ({ type }) => heard.push(listener + ' ' + type),
    }),
  );
}

window.page = { heard, render, unmount: () => root.unmount() };
render('first');
`;

export const broadcastPage = reactPage.replace('/react.js', '/broadcast.js');

/** The same for the webcaster, in React's strict mode, which mounts, unmounts and mounts at first. */
export const broadcastMain = `import { SecureWebcaster } from '@gatecast/react';
import { createElement, createRef, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

const root = createRoot(document.querySelector('#root'));
const heard = [];
const webcaster = createRef();

function render(listener, props = {}) {
  root.render(
    createElement(
      StrictMode,
      null,
      createElement(SecureWebcaster, {
        ref: webcaster,
        endpoint: '/whip/react',
        tokenUrl: '/api/tokens',
        onSecureBroadcastState: ({ state }) => heard.push(listener + ' ' + state),
        onSecureTokenRefreshed: ({ reason }) => heard.push(listener + ' ' + reason),
        ...props,
      }),
    ),
  );
}

window.broadcast = { heard, render, webcaster, unmount: () => root.unmount() };
render('first');
`;

/** A plain page that holds every module of gatecast.js to its hash. */
export const plainPage = (base: string, integrity: Readonly<Record<string, string>>): string => {
  const { 'gatecast.js': entry, ...chunks } = integrity;
  const map = Object.fromEntries(Object.entries(chunks).map(([file, hash]) => [base + file, hash]));
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" /><title>Plain</title><link rel="icon" href="data:," />
    <script type="importmap">${JSON.stringify({ integrity: map })}</script>
    <script type="module" src="${base}gatecast.js" integrity="${entry ?? ''}" crossorigin="anonymous"></script>
  </head>
  <body>${playerTag}</body>
</html>`;
};

/** Every page is rendered on the server, at build time; what is left are files. */
export const nextConfig = `export default { output: 'export' };
`;

export const nextLayout = `import type { ReactNode } from 'react';

export default function Layout({ children }: { children: ReactNode }) {
  return <html lang="en"><head><link rel="icon" href="data:," /></head><body>{children}</body></html>;
}
`;

/** One page by the wrappers and by the tags themselves. The token is a property: it may not become markup. */
export const nextPage = `import { SecurePlayer, SecureWebcaster } from '@gatecast/react';
import type {} from '@gatecast/player/react';

export default function Page() {
  return (
    <main>
      <SecurePlayer id="wrapped" src="/live/demo.m3u8" tokenUrl="/api/tokens" muted autoplay />
      <SecureWebcaster endpoint="/whip/studio" />
      <secure-player id="bare" preload="none" token-url="/api/tokens" src="/live/demo.m3u8"></secure-player>
    </main>
  );
}
`;
