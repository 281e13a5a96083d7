import {
  SecurePlayer as SecurePlayerElement,
  type SecureAudioOutputChangedEvent,
  type SecureControlsReplacedEvent,
  type SecureEngineChangedEvent,
  type SecureEntryChangedEvent,
  type SecureErrorEvent,
  type SecureSourceUpdatedEvent,
  type SecureStreamAwaitedEvent,
  type SecureTokenFailedEvent,
  type SecureTokenRefreshedEvent,
  type SecureViewerCountEvent,
} from '@gatecast/player';
import { defineElement } from './define-element.js';
import { elementComponent, type ElementComponent } from './element-component.js';
import type { EventName } from './element-props.js';
import { hidePlayer } from './hide-player.js';
import { mediaEvents } from './media-events.js';
import { mediaProps, type MediaProps } from './media-props.js';

/** Each event of the element as a prop. */
export const playerEvents = {
  ...mediaEvents,
  onSecureTokenRefreshed: 'secure-token-refreshed' as EventName<SecureTokenRefreshedEvent>,
  onSecureTokenFailed: 'secure-token-failed' as EventName<SecureTokenFailedEvent>,
  onSecureSourceUpdated: 'secure-source-updated' as EventName<SecureSourceUpdatedEvent>,
  onSecureEntryChanged: 'secure-entry-changed' as EventName<SecureEntryChangedEvent>,
  onSecureEngineChanged: 'secure-engine-changed' as EventName<SecureEngineChangedEvent>,
  onSecureError: 'secure-error' as EventName<SecureErrorEvent>,
  onSecureControlsReplaced: 'secure-controls-replaced' as EventName<SecureControlsReplacedEvent>,
  onSecureAudioOutputChanged: 'secure-audio-output-changed' as EventName<SecureAudioOutputChangedEvent>,
  onSecureStreamAwaited: 'secure-stream-awaited' as EventName<SecureStreamAwaitedEvent>,
  onSecureViewerCount: 'secure-viewer-count' as EventName<SecureViewerCountEvent>,
  onStreamTypeChange: 'streamtypechange',
};

defineElement('secure-player', SecurePlayerElement);

/**
 * `<secure-player>` as a React component: properties and events are props, a `ref` is the element.
 *
 * It pauses while React hides it (in `<Activity>`, on a route that Next.js keeps, or below a `<Suspense>` that waits), and
 * goes on as it was when it is shown again. On a server it renders the bare tag; everything else is set when the page hydrates.
 */
export const SecurePlayer: ElementComponent<SecurePlayerElement, typeof playerEvents, MediaProps> =
  elementComponent({
    tagName: 'secure-player',
    elementClass: SecurePlayerElement,
    displayName: 'SecurePlayer',
    events: playerEvents,
    aliases: mediaProps,
    hide: hidePlayer,
  });
