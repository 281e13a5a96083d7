import { errorText, fillMessage } from '@gatecast/element';
import type { GatecastError } from '@gatecast/token';
import { html, type TemplateResult } from 'lit';
import type { CaptureKind } from '../capture/capture-request.js';
import type { WebcasterMessages } from '../messages/message-tables.js';
import { iconButton } from './icon-button.js';
import { closeIcon } from './icons.js';

/** The error that ended the preview or broadcast, with a way to try again. */
export function errorCard(
  error: GatecastError,
  messages: WebcasterMessages,
  { onRetry, onDismiss }: { onRetry: () => void; onDismiss: () => void },
): TemplateResult {
  return html`<div class="centre">
    <div class="card" part="error" role="alert">
      <p>${errorText(error, messages)}</p>
      <div class="actions">
        <button part="button retry-button" type="button" @click=${onRetry}>${messages.tryAgain}</button>
        <button part="button" type="button" @click=${onDismiss}>${messages.close}</button>
      </div>
    </div>
  </div>`;
}

/** An error that did not end anything. */
export function notice(
  error: GatecastError,
  messages: WebcasterMessages,
  onDismiss: () => void,
): TemplateResult {
  return html`<div class="panel notice" part="notice" role="alert">
    <span>${errorText(error, messages)}</span>
    ${iconButton({ icon: closeIcon, label: messages.close, onClick: onDismiss })}
  </div>`;
}

/** The seconds until the broadcast begins. Nothing is sent before. The status says them, but not each one. */
export function countdownPanel(seconds: number, messages: WebcasterMessages): TemplateResult {
  return html`<div class="centre">
    <p class="countdown" part="countdown" role="timer">
      <span class="unseen">${fillMessage(messages.countdown, { seconds })}</span
      ><span aria-hidden="true">${seconds}</span>
    </p>
  </div>`;
}

/** Seconds between two words of a long countdown. */
const WORD_EVERY_S = 30;
/** From here on, each second is said. */
const LAST_WORDS_S = 5;

/**
 * The number of seconds that was last due to be said aloud: the first one, then each 30, 10, and the last five. One a second
 * would interrupt what the user reads.
 */
export function spokenSeconds(remaining: number, total: number): number {
  if (remaining <= LAST_WORDS_S) return remaining;
  if (remaining <= 10) return Math.min(10, total);
  return Math.min(total, Math.ceil(remaining / WORD_EVERY_S) * WORD_EVERY_S);
}

/** The button that starts the preview. */
export function previewButton(
  kind: CaptureKind,
  messages: WebcasterMessages,
  onClick: () => void,
): TemplateResult {
  return html`<div class="centre">
    <button class="begin" part="button preview-button" type="button" @click=${onClick}>
      ${previewText(kind, messages)}
    </button>
  </div>`;
}

function previewText(kind: CaptureKind, messages: WebcasterMessages): string {
  switch (kind) {
    case 'camera':
      return messages.startCamera;
    case 'audio':
      return messages.startMicrophone;
    case 'screen':
    case 'camera screen':
      return messages.startScreen;
    case 'none':
      return messages.startPreview;
  }
}
