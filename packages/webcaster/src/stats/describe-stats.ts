import { fillMessage, intlLocale } from '@gatecast/element';
import type { WebcasterMessages } from '../messages/message-tables.js';
import type { BroadcastStats } from './broadcast-stats.js';

export interface StatsRow {
  readonly label: string;
  readonly value: string;
}

/** Statistics as labelled rows, without those that are not known. */
export function describeStats(
  stats: BroadcastStats,
  messages: WebcasterMessages,
  language: string,
): StatsRow[] {
  const rows: StatsRow[] = [];
  const add = (label: string, value: string | null) => {
    if (value !== null) rows.push({ label, value });
  };
  const number = new Intl.NumberFormat(intlLocale(language), { maximumFractionDigits: 1 });
  add(messages.sending, describeRate(stats, language));
  add(messages.picture, describePicture(stats, messages));
  if (stats.roundTripMs !== null) {
    add(
      messages.reaction,
      fillMessage(messages.reactionValue, { milliseconds: Math.round(stats.roundTripMs) }),
    );
  }
  if (stats.lossPercent !== null) {
    add(messages.loss, stats.lossPercent === 0 ? messages.lossNone : `${number.format(stats.lossPercent)} %`);
  }
  add(messages.format, [stats.videoCodec, stats.audioCodec].filter(Boolean).join(' + ') || null);
  add(messages.limit, describeLimit(stats.limitedBy, messages));
  return rows;
}

/** `2.4 Mbit/s`, or `96 kbit/s`; `null` if not known. */
export function describeRate(
  { videoKbps, audioKbps }: Pick<BroadcastStats, 'videoKbps' | 'audioKbps'>,
  language: string,
): string | null {
  if (videoKbps === null && audioKbps === null) return null;
  const kbps = (videoKbps ?? 0) + (audioKbps ?? 0);
  const [value, unit] = kbps >= 1000 ? [kbps / 1000, 'Mbit/s'] : [kbps, 'kbit/s'];
  const format = new Intl.NumberFormat(intlLocale(language), { maximumFractionDigits: kbps >= 1000 ? 1 : 0 });
  return `${format.format(value)} ${unit}`;
}

/** `1:02:03`, or `2:03`. */
export function describeDuration(durationMs: number): string {
  const total = Math.max(0, Math.floor(durationMs / 1000));
  const parts = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}

/** The size and frame rate of the picture that is sent; `null` if not known. */
export function describePicture(
  { width, height, framesPerSecond }: Pick<BroadcastStats, 'width' | 'height' | 'framesPerSecond'>,
  messages: WebcasterMessages,
): string | null {
  if (width === null || height === null) return null;
  return fillMessage(messages.pictureValue, { width, height, fps: Math.round(framesPerSecond ?? 0) });
}

function describeLimit(limit: BroadcastStats['limitedBy'], messages: WebcasterMessages): string | null {
  switch (limit) {
    case 'cpu':
      return messages.limitCpu;
    case 'bandwidth':
      return messages.limitBandwidth;
    case 'other':
      return messages.limitOther;
    case null:
      return null;
  }
}
