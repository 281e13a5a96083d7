import { VERSION, type EventLog } from '@gatecast/element';
import { redact, redactUrl, systemClock, type TokenStatus } from '@gatecast/token';
import type { WebcasterOptions } from '../element/webcaster-options.js';
import type { CheckReport } from '../preflight/check-report.js';
import type { ActiveBroadcast } from './active-broadcast.js';
import type { BroadcastMedia } from './broadcast-media.js';
import type { BroadcastStatus } from './broadcast-status.js';
import type { CaptureControl } from './capture-control.js';
import { audioBitrateOf } from './broadcast-settings.js';
import { describeCodec } from './describe-codec.js';

export interface BroadcastFacts {
  readonly host: WebcasterOptions;
  readonly status: BroadcastStatus;
  readonly media: BroadcastMedia;
  readonly capture: CaptureControl;
  readonly active: ActiveBroadcast;
  readonly tokens: readonly TokenStatus[];
  readonly log: EventLog;
  readonly lastCheck: CheckReport | null;
}

/** Plain JSON for a support ticket: without tokens, signed queries and names of devices. */
export function describeBroadcast(facts: BroadcastFacts): Record<string, unknown> {
  const { host, status, active } = facts;
  const { media, devices } = facts.capture;
  return redact({
    versions: { gatecast: VERSION, userAgent: navigator.userAgent },
    state: status.state,
    liveSinceMs: active.liveSinceMs,
    isOnAir: active.onAir.isOnAir,
    publisher: host.publisher,
    endpoint: host.endpoint && redactUrl(host.endpoint),
    stream: host.stream,
    settings: {
      capture: host.capture,
      resolution: host.resolution,
      framerate: host.framerate,
      videoBitrateKbps: host.videoBitrate,
      audioBitrateKbps: audioBitrateOf(host),
      audioMode: host.audioMode ?? 'speech',
      codec: host.codec,
      degradationPreference: host.degradationPreference ?? 'auto',
      simulcast: host.simulcast ?? false,
      allowsPartial: host.allowPartial ?? false,
      deviceLoss: host.deviceLoss,
      layout: host.layout,
      inset: host.inset,
      isSlateShown: facts.capture.isSlateShown,
      isComposed: facts.capture.isComposed,
      reconnectForSeconds: host.reconnectFor,
    },
    support: {
      isSecureContext,
      hasWebRtc: typeof RTCPeerConnection !== 'undefined',
      videoCodecs: videoCodecs(),
    },
    devices: { cameras: devices.video.length, microphones: devices.audio.length },
    mediaStatus: facts.media.status,
    tracks: media?.getTracks().map((track) => ({
      kind: track.kind,
      isLive: track.readyState === 'live',
      isMuted: !track.enabled,
      isHeldBack: track.muted,
      width: track.getSettings().width,
      height: track.getSettings().height,
      framerate: track.getSettings().frameRate,
    })),
    tokenStates: facts.tokens,
    videoCodec: describeCodec(active.session?.wantedCodecs, active.stats?.videoCodec ?? null),
    layers: active.session?.layers ?? null,
    sending: active.sending,
    stats: active.stats,
    error: status.error,
    lastCheck: facts.lastCheck,
    pendingTimers: systemClock.pending,
    events: facts.log.toJSON(),
  }) as Record<string, unknown>;
}

function videoCodecs(): string[] {
  if (typeof RTCRtpSender === 'undefined') return [];
  const codecs = RTCRtpSender.getCapabilities('video')?.codecs ?? [];
  return [...new Set(codecs.map(({ mimeType }) => mimeType.replace('video/', '')))];
}
