import { html, nothing, type TemplateResult } from 'lit';
import type { CaptureKind } from '../capture/capture-request.js';
import { PICTURE_LAYOUTS, type PictureLayout } from '../composition/layout-names.js';
import type { RecordingStatus } from '../composition/chunk-recorder.js';
import type { WebcasterMessages } from '../messages/message-tables.js';
import { describeDuration } from '../stats/describe-stats.js';

export interface PictureMenuModel {
  readonly capture: CaptureKind;
  readonly layout: PictureLayout;
  readonly inset: string;
  readonly messages: WebcasterMessages;
  readonly onLayout: (layout: PictureLayout) => void;
  readonly onInset: (inset: string) => void;
}

/** Of the last file that was saved: Firefox and Safari begin to read it some time after the click. */
let savedUrl: string | null = null;
const INSET_CORNERS = ['top-left', 'top-right', 'bottom-left', 'bottom-right'] as const;

/** How camera and screen share the picture; empty without a screen. */
export function pictureMenu(model: PictureMenuModel): TemplateResult | typeof nothing {
  const { capture, layout, inset, messages, onLayout, onInset } = model;
  if (!capture.includes('screen')) return nothing;
  // Without the camera, the screen fills the picture.
  const shown = capture === 'screen' ? 'screen' : layout;
  const [corner = '', ...width] = inset.trim().split(/\s+/);
  return html`<label
      >${messages.layout}
      <select
        @change=${(event: Event) => {
          const chosen = PICTURE_LAYOUTS.find((name) => name === valueOf(event));
          if (chosen) onLayout(chosen);
        }}
      >
        ${PICTURE_LAYOUTS.map((name) => option(name, layoutName(name, messages), name === shown))}
      </select>
    </label>
    ${
      shown === 'picture-in-picture'
        ? html`<label
            >${messages.insetPosition}
            <select @change=${(event: Event) => onInset([valueOf(event), ...width].join(' '))}>
              ${INSET_CORNERS.map((name) => option(name, cornerName(name, messages), name === corner))}
            </select>
          </label>`
        : nothing
    }`;
}

/** The button that begins or ends a recording, or saves the last one. */
export function recordingButton(
  status: RecordingStatus | null,
  canStart: boolean,
  messages: WebcasterMessages,
  { onStart, onSave }: { onStart: () => void; onSave: () => void },
): TemplateResult | typeof nothing {
  const isRunning = status?.state === 'recording';
  const canSave = status !== null && status.bytes > 0;
  if (!isRunning && !canStart && !canSave) return nothing;
  return html`<div class="actions">
    ${isRunning || !canStart ? nothing : textButton(messages.startRecording, 'record-button', onStart)}
    ${isRunning ? textButton(messages.stopRecording, 'save-button', onSave) : nothing}
    ${!isRunning && canSave ? textButton(messages.saveRecording, 'save-button', onSave) : nothing}
  </div>`;
}

/** Says that a recording runs, and for how long. */
export function recordingBadge(
  status: RecordingStatus | null,
  messages: WebcasterMessages,
): TemplateResult | typeof nothing {
  if (status?.state !== 'recording') return nothing;
  return html`<span class="badge recording" part="recording"
    >${messages.recording} <time role="timer">${describeDuration(status.durationMs)}</time></span
  >`;
}

/** Lets the user save a recording as a file. */
export function saveRecording(recording: Blob, page: Document): void {
  if (savedUrl !== null) URL.revokeObjectURL(savedUrl);
  const url = URL.createObjectURL(recording);
  savedUrl = url;
  const link = page.createElement('a');
  const extension = /^\w+\/(\w+)/.exec(recording.type)?.[1] ?? 'webm';
  link.href = url;
  link.download = `recording-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}.${extension}`;
  link.click();
}

function textButton(text: string, part: string, onClick: () => void): TemplateResult {
  return html`<button part="button ${part}" type="button" @click=${onClick}>${text}</button>`;
}

function option(value: string, text: string, isChosen: boolean): TemplateResult {
  return html`<option .value=${value} ?selected=${isChosen}>${text}</option>`;
}

function layoutName(layout: PictureLayout, messages: WebcasterMessages): string {
  switch (layout) {
    case 'picture-in-picture':
      return messages.layoutPictureInPicture;
    case 'side-by-side':
      return messages.layoutSideBySide;
    case 'camera':
      return messages.layoutCamera;
    case 'screen':
      return messages.layoutScreen;
  }
}

function cornerName(corner: (typeof INSET_CORNERS)[number], messages: WebcasterMessages): string {
  switch (corner) {
    case 'top-left':
      return messages.topLeft;
    case 'top-right':
      return messages.topRight;
    case 'bottom-left':
      return messages.bottomLeft;
    case 'bottom-right':
      return messages.bottomRight;
  }
}

function valueOf(event: Event): string {
  return (event.target as HTMLSelectElement | null)?.value ?? '';
}
