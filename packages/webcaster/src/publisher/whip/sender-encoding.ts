import type { EncodingSettings } from '../broadcast-target.js';
import { NO_REDUCTION, type Reduction } from './follow-network.js';

/** A layer of a simulcast (RFC 8853): the same picture in another size. */
interface Layer {
  readonly rid: string;
  readonly scale: number;
  /** Share of `video-bitrate`. */
  readonly bitrate: number;
}

/**
 * Without the mode, Chromium sends VP9 and AV1 as one stream of the first layer.
 *
 * @see https://www.w3.org/TR/webrtc-svc/
 */
interface LayerParameters extends RTCRtpEncodingParameters {
  readonly scalabilityMode: string;
}

const WHOLE: Layer = { rid: '', scale: 1, bitrate: 1 };
/** From small to large: browsers keep the first ones when the network takes less. */
const LAYERS: readonly Layer[] = [
  { rid: 'l', scale: 4, bitrate: 0.1 },
  { rid: 'm', scale: 2, bitrate: 0.3 },
  { ...WHOLE, rid: 'h' },
];
/** A picture of fewer lines is of no use. */
const SMALLEST_LAYER_LINES = 160;

/** Limits of a new sender, as far as the network has taken them before. */
export function firstEncodings(
  track: MediaStreamTrack,
  encoding: EncodingSettings,
  reduction: Reduction = NO_REDUCTION,
): RTCRtpEncodingParameters[] {
  if (track.kind !== 'video') return [audioLimits(encoding)];
  const { height = 0 } = track.getSettings();
  const layers = encoding.simulcast
    ? LAYERS.filter(({ scale }) => scale === 1 || height / scale >= SMALLEST_LAYER_LINES)
    : [];
  if (layers.length < 2) return [videoLimits(encoding, WHOLE, reduction)];
  return layers.map((layer): LayerParameters => ({
    rid: layer.rid,
    // The browser chooses among the sizes itself.
    ...videoLimits(encoding, layer, { ...NO_REDUCTION, bitrate: reduction.bitrate }),
    scalabilityMode: 'L1T1',
  }));
}

/** Number of layers that a negotiated sender has; 1 if the ingest has not taken the simulcast. */
export function countLayers(sender: RTCRtpSender): number {
  return sender.getParameters().encodings.length;
}

/**
 * Changes the limits of a running sender, as they are now and as far as the network takes them.
 *
 * An ingest that does not take the layers leaves the first one, which is the smallest: it becomes the whole picture.
 */
export async function applyEncoding(
  { sender, receiver }: Pick<RTCRtpTransceiver, 'sender' | 'receiver'>,
  encoding: EncodingSettings,
  reduction: Reduction = NO_REDUCTION,
): Promise<void> {
  // A sender without a track keeps its limits for the next one.
  const { kind } = sender.track ?? receiver.track;
  const parameters = sender.getParameters();
  const { encodings } = parameters;
  // Empty before the first negotiation and in engines without simulcast.
  if (encodings.length === 0) return;
  for (const limits of encodings) {
    const layer = encodings.length > 1 ? (LAYERS.find(({ rid }) => rid === limits.rid) ?? WHOLE) : WHOLE;
    Object.assign(limits, kind === 'video' ? videoLimits(encoding, layer, reduction) : audioLimits(encoding));
  }
  if (kind === 'video') parameters.degradationPreference = encoding.degradationPreference;
  await sender.setParameters(parameters);
}

/** Sound comes first when the network takes less: viewers forgive a picture sooner. */
function audioLimits({ audioBitrateKbps }: EncodingSettings): RTCRtpEncodingParameters {
  return { maxBitrate: audioBitrateKbps * 1000, priority: 'high' };
}

function videoLimits(
  { videoBitrateKbps, framerate }: EncodingSettings,
  layer: Layer,
  reduction: Reduction,
): RTCRtpEncodingParameters {
  return {
    maxBitrate: Math.round(videoBitrateKbps * 1000 * layer.bitrate * reduction.bitrate),
    maxFramerate: Math.max(1, Math.round(framerate * reduction.frames)),
    scaleResolutionDownBy: layer.scale * reduction.scale,
  };
}
