import { SecurePlayer, SecureWebcaster } from '@gatecast/react';
import { mediaEvents } from '@gatecast/react/internal/media-events';
import { Activity, createElement, Fragment, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

/** What the test uses. */
export interface HiddenPage {
  /** Events of the player and states of the webcaster, in their order. */
  readonly heard: string[];
  /** Renders in strict mode, as Next.js does in development. */
  render(mode: 'visible' | 'hidden', props?: object): void;
  /** Renders the tag itself, with a listener in React's and one in HTML's spelling for each media event. */
  renderTag(): void;
  unmount(): void;
}

/**
 * Mounts a player and a webcaster in React.
 *
 * @param backend - origin of the streams, the tokens and the ingest
 */
export function createHiddenPage(container: Element, backend = ''): HiddenPage {
  const root = createRoot(container);
  const heard: string[] = [];
  const hear = ({ type }: Event): void => {
    heard.push(type);
  };
  const player = (props: object) =>
    createElement(SecurePlayer, {
      src: `${backend}/live/demo.m3u8`,
      tokenUrl: `${backend}/api/tokens`,
      muted: true,
      autoPlay: true,
      onPlay: hear,
      onPause: hear,
      onError: hear,
      ...props,
    });
  const webcaster = createElement(SecureWebcaster, {
    endpoint: `${backend}/whip/hidden`,
    tokenUrl: `${backend}/api/tokens`,
    onSecureBroadcastState: ({ state }) => {
      heard.push(state);
    },
  });
  return {
    heard,
    render(mode, props = {}) {
      const children = createElement(Fragment, null, player(props), webcaster);
      root.render(createElement(StrictMode, null, createElement(Activity, { mode, children })));
    },
    renderTag() {
      const names = Object.entries(mediaEvents).flatMap(([prop, event]) => [prop, `on${event}`]);
      const listeners = names.map((name) => [name, () => heard.push(name)] as const);
      root.render(createElement('secure-player', { preload: 'none', ...Object.fromEntries(listeners) }));
    },
    unmount() {
      root.unmount();
    },
  };
}
