import { VERSION, type EventLog } from '@gatecast/element';
import { redact, redactUrl, systemClock, type GatecastError, type TokenStatus } from '@gatecast/token';
import type { BroadcastState } from './broadcast-state.js';
import type { BroadcastStats } from '../stats/broadcast-stats.js';
import type { BroadcastDevices, WebcasterOptions } from '../element/webcaster-options.js';

export interface BroadcastFacts {
  readonly host: WebcasterOptions;
  readonly state: BroadcastState;
  readonly liveSinceMs: number | null;
  readonly devices: BroadcastDevices;
  readonly media: MediaStream | null;
  readonly tokens: readonly TokenStatus[];
  readonly stats: BroadcastStats | null;
  readonly error: GatecastError | null;
  readonly log: EventLog;
}

/** Plain JSON for a support ticket: no token, no signed query, no device's name. */
export function describeBroadcast(facts: BroadcastFacts): Record<string, unknown> {
  const { host, media, devices } = facts;
  return redact({
    versions: { gatecast: VERSION, userAgent: navigator.userAgent },
    state: facts.state,
    liveSinceMs: facts.liveSinceMs,
    publisher: host.publisher,
    endpoint: host.endpoint && redactUrl(host.endpoint),
    stream: host.stream,
    settings: {
      capture: host.capture,
      resolution: host.resolution,
      framerate: host.framerate,
      videoBitrateKbps: host.videoBitrate,
      audioBitrateKbps: host.audioBitrate,
      codec: host.codec,
      reconnectForSeconds: host.reconnectFor,
    },
    support: {
      isSecureContext,
      hasWebRtc: typeof RTCPeerConnection !== 'undefined',
      videoCodecs: videoCodecs(),
    },
    devices: { cameras: devices.video.length, microphones: devices.audio.length },
    tracks: media?.getTracks().map((track) => ({
      kind: track.kind,
      isLive: track.readyState === 'live',
      isMuted: !track.enabled,
      width: track.getSettings().width,
      height: track.getSettings().height,
      framerate: track.getSettings().frameRate,
    })),
    tokenStates: facts.tokens,
    stats: facts.stats,
    error: facts.error,
    pendingTimers: systemClock.pending,
    events: facts.log.toJSON(),
  }) as Record<string, unknown>;
}

function videoCodecs(): string[] {
  if (typeof RTCRtpSender === 'undefined') return [];
  const codecs = RTCRtpSender.getCapabilities('video')?.codecs ?? [];
  return [...new Set(codecs.map(({ mimeType }) => mimeType.replace('video/', '')))];
}
