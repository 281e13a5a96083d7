import { editFormat, readFormat, type FormatParameters } from '@gatecast/webrtc';
import type { EncodingSettings } from '../broadcast-target.js';

const OPUS = { kind: 'audio', codec: 'opus' } as const;
/** Bounds of Opus in bit/s (RFC 7587 section 6.1). */
const BITRATES = [6000, 510_000] as const;

type AudioSettings = Pick<EncodingSettings, 'audioMode' | 'audioBitrateKbps'>;

/** What an offer says of music. `sprop-stereo` is the word for it; some ingests read only `stereo`. */
const OFFERED = { stereo: '1', 'sprop-stereo': '1' } as const;

/** The offer for the ingest: with `audio-mode="music"` it says that stereo is sent. */
export function offerAudioMode(offerSdp: string, { audioMode }: AudioSettings): string {
  if (audioMode !== 'music') return offerSdp;
  return editFormat(offerSdp, OPUS, (parameters) => {
    for (const [name, value] of Object.entries(OFFERED)) parameters.set(name, value);
  });
}

/**
 * What the ingest itself says of Opus in its SDP answer, without what it only repeats.
 *
 * @param offered - the settings of the offer.
 */
export function readOpus(answerSdp: string, { audioMode }: AudioSettings): Readonly<FormatParameters> {
  const said = new Map(readFormat(answerSdp, OPUS) ?? []);
  if (audioMode !== 'music') return said;
  for (const [name, value] of Object.entries(OFFERED)) if (said.get(name) === value) said.delete(name);
  return said;
}

/**
 * The SDP answer as the browser's encoder is to follow it: with `audio-mode="music"` in stereo and at the wanted bitrate. Every
 * decoder of Opus takes that. What the ingest itself says stays.
 *
 * @param said - what the ingest itself says of Opus.
 * @see https://www.rfc-editor.org/rfc/rfc7587#section-6.1
 */
export function withAudioMode(
  answerSdp: string,
  { audioMode, audioBitrateKbps }: AudioSettings,
  said: Readonly<FormatParameters>,
): string {
  const [least, most] = BITRATES;
  const bitrate = Math.min(most, Math.max(least, Math.round(audioBitrateKbps * 1000)));
  const wanted = { ...OFFERED, maxaveragebitrate: String(bitrate) };
  return editFormat(answerSdp, OPUS, (parameters) => {
    for (const [name, value] of Object.entries(wanted)) {
      if (said.has(name)) continue;
      if (audioMode === 'music') parameters.set(name, value);
      else parameters.delete(name);
    }
  });
}
