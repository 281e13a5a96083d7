import {
  SecureWebcaster as SecureWebcasterElement,
  type SecureBroadcastMediaEvent,
  type SecureBroadcastStateEvent,
  type SecureBroadcastStatsEvent,
  type SecureDevicesChangedEvent,
  type SecureErrorEvent,
  type SecureTokenFailedEvent,
  type SecureTokenRefreshedEvent,
} from '@gatecast/webcaster';
import { createComponent, type EventName, type ReactWebComponent } from '@lit/react';
import * as React from 'react';
import { defineElement } from './define-element.js';

/** Each event of the element as a prop. */
export const webcasterEvents = {
  onSecureBroadcastState: 'secure-broadcast-state' as EventName<SecureBroadcastStateEvent>,
  onSecureBroadcastMedia: 'secure-broadcast-media' as EventName<SecureBroadcastMediaEvent>,
  onSecureBroadcastStats: 'secure-broadcast-stats' as EventName<SecureBroadcastStatsEvent>,
  onSecureDevicesChanged: 'secure-devices-changed' as EventName<SecureDevicesChangedEvent>,
  onSecureTokenRefreshed: 'secure-token-refreshed' as EventName<SecureTokenRefreshedEvent>,
  onSecureTokenFailed: 'secure-token-failed' as EventName<SecureTokenFailedEvent>,
  onSecureError: 'secure-error' as EventName<SecureErrorEvent>,
};

defineElement('secure-webcaster', SecureWebcasterElement);

/**
 * `<secure-webcaster>` as a React component: properties and events are props, a `ref` is the element.
 *
 * On a server it renders the bare tag; everything else is set when the page hydrates.
 */
export const SecureWebcaster: ReactWebComponent<SecureWebcasterElement, typeof webcasterEvents> =
  createComponent({
    react: React,
    tagName: 'secure-webcaster',
    elementClass: SecureWebcasterElement,
    displayName: 'SecureWebcaster',
    events: webcasterEvents,
  });
