import { fillMessage } from '@gatecast/element';
import { html, nothing, type TemplateResult } from 'lit';
import type { SendingStatus } from '../broadcast/broadcast-events.js';
import type { BroadcastState } from '../broadcast/broadcast-state.js';
import type { WebcasterMessages } from '../messages/message-tables.js';
import type { BroadcastStats, ConnectionQuality } from '../stats/broadcast-stats.js';
import { describeDuration, describePicture, describeRate, describeStats } from '../stats/describe-stats.js';

/** Name of a state, for the user. */
export function stateName(state: BroadcastState, messages: WebcasterMessages): string {
  switch (state) {
    case 'idle':
      return messages.stateIdle;
    case 'preview':
      return messages.statePreview;
    case 'connecting':
      return messages.stateConnecting;
    case 'live':
      return messages.stateLive;
    case 'reconnecting':
      return messages.stateReconnecting;
    case 'failed':
      return messages.stateFailed;
    case 'stopped':
      return messages.stateStopped;
  }
}

/** What the server says while live; `null` if it is not asked. */
export interface OnAirModel {
  readonly isWatched: boolean;
  readonly isOnAir: boolean | null;
}

/** Name of the state while live. Only the server can say "on air"; the own connection is "connected". */
function liveName({ isWatched, isOnAir }: OnAirModel, messages: WebcasterMessages): string {
  if (isOnAir !== null) return isOnAir ? messages.stateOnAir : messages.stateOffAir;
  return isWatched ? messages.stateConnected : messages.stateLive;
}

/** What a screen reader announces when a state begins: only what the user must not miss. */
export function announcement(state: BroadcastState, onAir: OnAirModel, messages: WebcasterMessages): string {
  switch (state) {
    case 'live':
      if (onAir.isOnAir !== null) return onAir.isOnAir ? messages.announceOnAir : messages.announceOffAir;
      return onAir.isWatched ? messages.stateConnected : messages.announceLive;
    case 'reconnecting':
      return messages.announceReconnecting;
    case 'stopped':
      return messages.announceStopped;
    case 'connecting':
    case 'preview':
      return stateName(state, messages);
    case 'idle':
    case 'failed':
      return '';
  }
}

export interface StateModel {
  readonly state: BroadcastState;
  readonly onAir: OnAirModel;
  /** Whole seconds until the connection opens; `null` when no countdown runs. */
  readonly countdown: number | null;
}

/** What the badge says. While a countdown runs, nothing connects. */
export function badgeText({ state, onAir, countdown }: StateModel, messages: WebcasterMessages): string {
  if (countdown) return fillMessage(messages.countdown, { seconds: countdown });
  return state === 'live' ? liveName(onAir, messages) : stateName(state, messages);
}

export function stateBadge(
  model: StateModel & { readonly liveSinceMs: number | null },
  messages: WebcasterMessages,
): TemplateResult {
  const { state, onAir, liveSinceMs } = model;
  const time = liveSinceMs === null ? null : describeDuration(Date.now() - liveSinceMs);
  return html`<span
    class="badge"
    part="state"
    data-state=${state}
    data-on-air=${String(onAir.isOnAir ?? 'unknown')}
    >${badgeText(model, messages)}${
      time === null
        ? nothing
        : html`<time part="time" role="timer" aria-label=${fillMessage(messages.liveFor, { time })}
            >${time}</time
          >`
    }</span
  >`;
}

export function qualityName(quality: ConnectionQuality, messages: WebcasterMessages): string {
  switch (quality) {
    case 'good':
      return messages.qualityGood;
    case 'fair':
      return messages.qualityFair;
    case 'poor':
      return messages.qualityPoor;
  }
}

/** What limits the picture, and what is sent of it; the empty string without a limit. */
export function sendingText(sending: SendingStatus | null, messages: WebcasterMessages): string {
  if (!sending?.reason) return '';
  const picture = describePicture(sending, messages) ?? '';
  const { lessNetwork, lessDevice } = messages;
  return fillMessage(sending.reason === 'network' ? lessNetwork : lessDevice, { picture });
}

/** Shows it over the preview. Screen readers get it with the announcements. */
export function sendingNote(text: string): TemplateResult {
  return html`<p class="sending" part="sending" aria-hidden="true">${text}</p>`;
}

/** The button that shows the quality of the connection and opens its details. */
export function qualityButton(
  stats: BroadcastStats,
  isOpen: boolean,
  messages: WebcasterMessages,
  onClick: () => void,
): TemplateResult {
  const text = qualityName(stats.quality, messages);
  return html`<button
    class="quality"
    part="button quality"
    type="button"
    data-quality=${stats.quality}
    title=${messages.details}
    aria-expanded=${isOpen}
    aria-controls="details"
    @click=${onClick}
  >
    <span class="bars" aria-hidden="true"><i></i><i></i><i></i></span><span class="unseen">${text}</span
    ><span aria-hidden="true">${text}</span>
  </button>`;
}

export function detailsPanel(
  stats: BroadcastStats,
  messages: WebcasterMessages,
  language: string,
): TemplateResult {
  return html`<div
    class="panel details"
    part="stats"
    id="details"
    role="group"
    aria-label=${messages.details}
  >
    <dl>
      ${describeStats(stats, messages, language).map(
        ({ label, value }) =>
          html`<dt>${label}</dt>
            <dd>${value}</dd>`,
      )}
    </dl>
  </div>`;
}

/** Bitrate and frame rate in one line. */
export function figures(stats: BroadcastStats, language: string): string {
  const rate = describeRate(stats, language);
  const fps = stats.framesPerSecond === null ? null : `${String(Math.round(stats.framesPerSecond))} fps`;
  return [rate, fps].filter(Boolean).join(' · ');
}
