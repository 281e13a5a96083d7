import {
  SecureWebcaster as SecureWebcasterElement,
  type SecureBroadcastCheckEvent,
  type SecureBroadcastCountdownEvent,
  type SecureBroadcastMediaEvent,
  type SecureBroadcastOnAirEvent,
  type SecureBroadcastStateEvent,
  type SecureBroadcastStatsEvent,
  type SecureCaptureChangedEvent,
  type SecureDevicesChangedEvent,
  type SecureErrorEvent,
  type SecureRecordingEvent,
  type SecureSendingChangedEvent,
  type SecureTokenFailedEvent,
  type SecureTokenRefreshedEvent,
} from '@gatecast/webcaster';
import { defineElement } from './define-element.js';
import { elementComponent, type ElementComponent } from './element-component.js';
import type { EventName } from './element-props.js';
import { hideWebcaster } from './hide-webcaster.js';

/** Each event of the element as a prop. */
export const webcasterEvents = {
  onSecureBroadcastState: 'secure-broadcast-state' as EventName<SecureBroadcastStateEvent>,
  onSecureBroadcastMedia: 'secure-broadcast-media' as EventName<SecureBroadcastMediaEvent>,
  onSecureBroadcastStats: 'secure-broadcast-stats' as EventName<SecureBroadcastStatsEvent>,
  onSecureSendingChanged: 'secure-sending-changed' as EventName<SecureSendingChangedEvent>,
  onSecureBroadcastCheck: 'secure-broadcast-check' as EventName<SecureBroadcastCheckEvent>,
  onSecureBroadcastCountdown: 'secure-broadcast-countdown' as EventName<SecureBroadcastCountdownEvent>,
  onSecureBroadcastOnAir: 'secure-broadcast-on-air' as EventName<SecureBroadcastOnAirEvent>,
  onSecureDevicesChanged: 'secure-devices-changed' as EventName<SecureDevicesChangedEvent>,
  onSecureCaptureChanged: 'secure-capture-changed' as EventName<SecureCaptureChangedEvent>,
  onSecureRecording: 'secure-recording' as EventName<SecureRecordingEvent>,
  onSecureTokenRefreshed: 'secure-token-refreshed' as EventName<SecureTokenRefreshedEvent>,
  onSecureTokenFailed: 'secure-token-failed' as EventName<SecureTokenFailedEvent>,
  onSecureError: 'secure-error' as EventName<SecureErrorEvent>,
};

defineElement('secure-webcaster', SecureWebcasterElement);

/**
 * `<secure-webcaster>` as a React component: properties and events are props, a `ref` is the element.
 *
 * While React hides it, a broadcast goes on, and a preview without a broadcast releases camera and microphone. On a server
 * it renders the bare tag; everything else is set when the page hydrates.
 */
export const SecureWebcaster: ElementComponent<SecureWebcasterElement, typeof webcasterEvents> =
  elementComponent({
    tagName: 'secure-webcaster',
    elementClass: SecureWebcasterElement,
    displayName: 'SecureWebcaster',
    events: webcasterEvents,
    hide: hideWebcaster,
  });
