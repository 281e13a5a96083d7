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

/** The seconds until the broadcast begins. Nothing is sent before. */
export function countdownPanel(seconds: number, messages: WebcasterMessages): TemplateResult {
  return html`<div class="centre">
    <p class="countdown" part="countdown" role="timer" aria-live="assertive" aria-atomic="true">
      <span class="unseen">${fillMessage(messages.countdown, { seconds })}</span
      ><span aria-hidden="true">${seconds}</span>
    </p>
  </div>`;
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
