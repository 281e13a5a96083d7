/** Sources of consumer projects, as a reader of the documentation would write them. */
export const playerTag =
  '<secure-player src="/live/demo.m3u8" token-url="/api/tokens" muted autoplay></secure-player>';

/** The same with media and tokens of another origin. */
export const foreignPlayerTag = (origin: string): string =>
  playerTag.replace('"/live/', `"${origin}/live/`).replace('"/api/', `"${origin}/api/`);

/** Builds the React pages beside those of the example. */
export const reactConfig = `export default {
  build: { outDir: 'dist-react', rollupOptions: { input: ['react.html', 'broadcast.html'] } },
};
`;

/** Builds the page that has only a player. */
export const reactPlayerConfig = `export default {
  build: { outDir: 'dist-react-player', rollupOptions: { input: 'react.html' } },
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

/** Sets `window.page` for the test: the received events, and functions to render again and to unmount. */
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
      autoPlay: true,
      onSecureTokenRefreshed: ({ reason }) => heard.push(listener + ' ' + reason),
      onPlaying: ({ type }) => heard.push(listener + ' ' + type),
    }),
  );
}

window.page = { heard, render, unmount: () => root.unmount() };
render('first');
`;

export const broadcastPage = reactPage.replace('/react.js', '/broadcast.js');

/** The same for the webcaster in React's strict mode, which mounts twice at first. */
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

/** A plain page with an integrity hash for every module of gatecast.js. */
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
