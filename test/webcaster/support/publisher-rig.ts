import type { PublisherName } from '@gatecast/webcaster/internal/publisher/registry';
import { EMPTY_SCRIPT, installRtcUser, RtcUserDouble, rtcUserFaults } from '../../doubles/rtc-user-double.js';
import { installWebcasterV6, WebcasterV6Double } from '../../doubles/webcaster-v6-double.js';
import { backendOrigin, clearFaults, setFaults } from '../../support/backend.js';
import type { Feature } from '../../support/feature.js';
import { telemetryUrl, webcasterV6Endpoint } from '../../support/relayed-ingest.js';
import { stopSending, watchPeers } from './watched-peers.js';

/** What a test that all publishers share needs to know about one of them. */
export interface PublisherRig {
  readonly attributes: Readonly<Record<string, string>>;
  /** Number of connections that were tried. */
  readonly attempts: number;
  /** Is a request or a negotiation pending? */
  readonly isBusy: boolean;
  /** What is left of connections that should have ended; empty if nothing is. */
  readonly leftovers: readonly string[];
  /** From now on the server answers, but no media connection is established. */
  blockIce(): void;
  /** The current connection stays established, but nothing is sent over it. */
  stopMedia(): Promise<void>;
  /** The server ends the session and refuses new ones. */
  killServer(stream: string): Promise<void>;
  /** The server accepts sessions again. */
  reviveServer(): Promise<void>;
  uninstall(): void;
}

/** A publisher, and what its test page needs. */
export interface RiggedPublisher {
  readonly name: PublisherName;
  readonly feature: Feature;
  /** Does the publisher know when nothing is sent over an established connection? */
  readonly knowsSentMedia: boolean;
  install(): PublisherRig;
}

/** A new publisher adds itself here. */
export const riggedPublishers: readonly RiggedPublisher[] = [
  {
    name: 'whip',
    feature: 'webrtc h264',
    knowsSentMedia: true,
    install: () => rigPeers({ endpoint: `${backendOrigin()}/whip/{stream}` }),
  },
  {
    name: 'nanostream-v6',
    feature: 'webrtc h264',
    knowsSentMedia: true,
    install: () => {
      const uninstall = installWebcasterV6();
      WebcasterV6Double.intervalMs = 50;
      WebcasterV6Double.telemetryUrl = telemetryUrl();
      return rigPeers({ endpoint: webcasterV6Endpoint(), 'publisher-src': EMPTY_SCRIPT }, uninstall, () =>
        WebcasterV6Double.instances
          .filter((instance) => !isEnded(instance))
          .map(({ calls }) => calls.join(', ')),
      );
    },
  },
  { name: 'nanostream', feature: 'webrtc', knowsSentMedia: true, install: rigRtcUser },
];

function isEnded({ isActive, calls }: WebcasterV6Double): boolean {
  return !isActive && calls.includes('stopBroadcast') && calls.includes('dispose(false)');
}

/** For publishers that send with the page's own RTCPeerConnection to the demo's ingest. */
function rigPeers(
  attributes: Readonly<Record<string, string>>,
  uninstall: () => void = () => undefined,
  leftovers: () => readonly string[] = () => [],
): PublisherRig {
  const watched = watchPeers();
  const requests = countRequests();
  return {
    attributes,
    get attempts() {
      return watched.peers.length;
    },
    get isBusy() {
      return (
        requests.pending > 0 ||
        watched.peers.some(({ signalingState }) => signalingState === 'have-local-offer')
      );
    },
    get leftovers() {
      const open = watched.peers.filter(({ signalingState }) => signalingState !== 'closed');
      return [...open.map(({ connectionState }) => `a peer connection, ${connectionState}`), ...leftovers()];
    },
    blockIce: () => {
      watched.isIceBlocked = true;
    },
    stopMedia: async () => {
      const peer = watched.peers.at(-1);
      if (peer) await stopSending(peer);
    },
    killServer: (stream) => setFaults({ ingest: { kill: stream, refuse: { retryAfterSeconds: 1 } } }),
    reviveServer: clearFaults,
    uninstall: () => {
      watched.stop();
      requests.stop();
      uninstall();
    },
  };
}

/** The double of the vendor's client has no connection of its own, so it plays the server's part, too. */
function rigRtcUser(): PublisherRig {
  const uninstall = installRtcUser();
  RtcUserDouble.reportMs = 50;
  const requests = countRequests();
  return {
    attributes: { endpoint: 'wss://ingest.invalid/p/webrtcws', 'publisher-src': EMPTY_SCRIPT },
    get attempts() {
      return RtcUserDouble.last?.calls.filter((call) => call.startsWith('startBroadcast')).length ?? 0;
    },
    get isBusy() {
      return requests.pending > 0 || RtcUserDouble.last?.isBusy === true;
    },
    get leftovers() {
      return RtcUserDouble.last?.isOnAir ? ['a broadcast'] : [];
    },
    blockIce: () => {
      rtcUserFaults.isIceBlocked = true;
    },
    stopMedia: () => {
      RtcUserDouble.last?.stopMedia();
      return Promise.resolve();
    },
    killServer: () => {
      rtcUserFaults.refusesBroadcasts = true;
      RtcUserDouble.last?.kill();
      return Promise.resolve();
    },
    reviveServer: () => {
      rtcUserFaults.refusesBroadcasts = false;
      return Promise.resolve();
    },
    uninstall: () => {
      requests.stop();
      uninstall();
    },
  };
}

/** Counts the page's requests that have no answer yet, without those of the vendor's telemetry, which never end. */
function countRequests(): { readonly pending: number; stop(): void } {
  const realFetch = window.fetch.bind(window);
  let pending = 0;
  window.fetch = async (...call) => {
    const weight = call[0] === WebcasterV6Double.telemetryUrl ? 0 : 1;
    pending += weight;
    try {
      return await realFetch(...call);
    } finally {
      pending -= weight;
    }
  };
  return {
    get pending() {
      return pending;
    },
    stop: () => {
      window.fetch = realFetch;
    },
  };
}
