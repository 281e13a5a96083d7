import { systemClock, type Cancel } from '@gatecast/token';
import { html, nothing, type TemplateResult } from 'lit';
import type { Broadcaster } from '../broadcast/broadcaster.js';
import type { RecordingEnd } from '../composition/chunk-recorder.js';
import type { WebcasterMessages } from '../messages/message-tables.js';
import { describeDuration } from '../stats/describe-stats.js';
import type { ControlsHost } from './controls-host.js';
import { iconButton } from './icon-button.js';
import { closeIcon } from './icons.js';

/** Firefox and Safari begin to read a file some time after the click (Firefox bug 1282407, WebKit bug 211234). */
const READ_LIMIT_MS = 40_000;

/** Of the last file that was saved, by whichever element. */
let savedUrl: string | null = null;

/** What the controls show of a recording. */
export class RecordingControls {
  readonly #host: ControlsHost;
  readonly #broadcaster: Broadcaster;
  #isDismissed = false;
  #cancelRelease: Cancel | null = null;

  constructor(host: ControlsHost, broadcaster: Broadcaster) {
    this.#host = host;
    this.#broadcaster = broadcaster;
  }

  /** A file that was saved a moment ago stays readable; the next one, or the end of the page, releases it. */
  remove(): void {
    this.#cancelRelease?.();
  }

  /** Says that a recording runs, and for how long. */
  badge(messages: WebcasterMessages): TemplateResult | typeof nothing {
    const { recording } = this.#host;
    if (recording?.state !== 'recording') return nothing;
    this.#isDismissed = false;
    return html`<span class="badge recording" part="recording"
      >${messages.recording} <time role="timer">${describeDuration(recording.durationMs)}</time></span
    >`;
  }

  /** Says why a recording has ended that the user did not end. */
  notice(messages: WebcasterMessages): TemplateResult | typeof nothing {
    const text = endText(this.#host.recording?.reason ?? null, messages);
    if (text === null || this.#isDismissed || !this.#broadcaster.capture.isOpen) return nothing;
    return html`<div class="panel notice" part="notice recording-notice" role="alert">
      <span>${text}</span>
      ${this.#saveButton(messages)}
      ${iconButton({ icon: closeIcon, label: messages.close, onClick: () => this.#dismiss() })}
    </div>`;
  }

  /** The button that begins or ends a recording, or saves the last one; empty if none can be used. */
  buttons(messages: WebcasterMessages): TemplateResult | typeof nothing {
    const isRunning = this.#host.recording?.state === 'recording';
    const canStart = !isRunning && this.#broadcaster.capture.isOpen;
    if (!isRunning && !canStart && !this.#broadcaster.recording.canSave) return nothing;
    return html`<div class="actions">
      ${canStart ? textButton(messages.startRecording, 'record-button', () => this.#start()) : nothing}
      ${
        isRunning
          ? textButton(messages.stopRecording, 'save-button', () => void this.#save())
          : this.#saveButton(messages)
      }
    </div>`;
  }

  #saveButton(messages: WebcasterMessages): TemplateResult | typeof nothing {
    if (!this.#broadcaster.recording.canSave) return nothing;
    return textButton(messages.saveRecording, 'save-button', () => void this.#save());
  }

  #start(): void {
    this.#host.startRecording().catch((error: unknown) => this.#broadcaster.status.warn(error));
  }

  async #save(): Promise<void> {
    let recording: Blob | null = null;
    try {
      recording = await this.#host.stopRecording();
    } catch (error) {
      this.#broadcaster.status.warn(error);
    }
    if (!recording) return;
    saveFile(recording, this.#host.ownerDocument);
    this.#cancelRelease?.();
    this.#cancelRelease = systemClock.at(systemClock.now() + READ_LIMIT_MS, releaseFile);
    this.#dismiss();
  }

  #dismiss(): void {
    this.#isDismissed = true;
    this.#host.requestUpdate();
  }
}

function endText(reason: RecordingEnd | null, messages: WebcasterMessages): string | null {
  switch (reason) {
    case 'limit':
      return messages.recordingLimit;
    case 'record-failed':
      return messages.recordingFailed;
    case 'write-failed':
      return messages.recordingWriteFailed;
    case 'requested':
    case 'ended':
    case null:
      return null;
  }
}

/** Lets the user save a recording as a file. */
function saveFile(recording: Blob, page: Document): void {
  releaseFile();
  savedUrl = URL.createObjectURL(recording);
  const link = page.createElement('a');
  const [, type = 'webm'] = /^\w+\/([\w-]+)/.exec(recording.type) ?? [];
  const extension = type === 'x-matroska' ? 'mkv' : type;
  link.href = savedUrl;
  link.download = `recording-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}.${extension}`;
  link.click();
}

function releaseFile(): void {
  if (savedUrl !== null) URL.revokeObjectURL(savedUrl);
  savedUrl = null;
}

function textButton(text: string, part: string, onClick: () => void): TemplateResult {
  return html`<button part="button ${part}" type="button" @click=${onClick}>${text}</button>`;
}
