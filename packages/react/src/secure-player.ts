import {
  SecurePlayer as SecurePlayerElement,
  type SecureControlsReplacedEvent,
  type SecureEntryChangedEvent,
  type SecureErrorEvent,
  type SecureSourceUpdatedEvent,
  type SecureStreamAwaitedEvent,
  type SecureTokenFailedEvent,
  type SecureTokenRefreshedEvent,
} from '@gatecast/player';
import { createComponent, type EventName, type ReactWebComponent } from '@lit/react';
import * as React from 'react';
import { defineElement } from './define-element.js';
import { mediaEvents } from './media-events.js';

/** Each event of the element as a prop. */
export const playerEvents = {
  ...mediaEvents,
  onSecureTokenRefreshed: 'secure-token-refreshed' as EventName<SecureTokenRefreshedEvent>,
  onSecureTokenFailed: 'secure-token-failed' as EventName<SecureTokenFailedEvent>,
  onSecureSourceUpdated: 'secure-source-updated' as EventName<SecureSourceUpdatedEvent>,
  onSecureEntryChanged: 'secure-entry-changed' as EventName<SecureEntryChangedEvent>,
  onSecureError: 'secure-error' as EventName<SecureErrorEvent>,
  onSecureControlsReplaced: 'secure-controls-replaced' as EventName<SecureControlsReplacedEvent>,
  onSecureStreamAwaited: 'secure-stream-awaited' as EventName<SecureStreamAwaitedEvent>,
  onStreamTypeChange: 'streamtypechange',
};

defineElement('secure-player', SecurePlayerElement);

/**
 * `<secure-player>` as a React component: properties and events are props, a `ref` is the element.
 *
 * On a server it renders the bare tag; everything else is set when the page hydrates.
 */
export const SecurePlayer: ReactWebComponent<SecurePlayerElement, typeof playerEvents> = createComponent({
  react: React,
  tagName: 'secure-player',
  elementClass: SecurePlayerElement,
  displayName: 'SecurePlayer',
  events: playerEvents,
});
