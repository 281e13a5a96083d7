import { languageOf } from '@gatecast/element';
import { GatecastError, systemClock, type Cancel } from '@gatecast/token';
import { adoptStyles, html, nothing, type TemplateResult } from 'lit';
import { isOnAir, type BroadcastState } from '../broadcast/broadcast-state.js';
import type { Broadcaster } from '../broadcast/broadcaster.js';
import { loadMessages } from '../messages/load-messages.js';
import { webcasterMessageTables, type WebcasterMessages } from '../messages/message-tables.js';
import { messagesEn } from '../messages/messages-en.js';
import type { SecureWebcaster } from '../secure-webcaster.js';
import { shellStyles } from '../element/shell-styles.js';
import type { DeviceChange } from '../element/webcaster-options.js';
import { controlsStyles } from './controls-styles.js';
import {
  announcement,
  detailsPanel,
  errorText,
  figures,
  qualityButton,
  stateBadge,
} from './controls-view.js';
import { deviceMenu } from './device-menu.js';
import {
  cameraIcon,
  cameraOffIcon,
  closeIcon,
  devicesIcon,
  microphoneIcon,
  microphoneOffIcon,
  offIcon,
  screenIcon,
  screenOffIcon,
} from './icons.js';
import { LevelLoop } from './level-loop.js';

/** The element's own controls, rendered into its shadow root. They only call its public methods. */
export class BroadcastControls {
  readonly #host: SecureWebcaster;
  readonly #broadcaster: Broadcaster;
  readonly #level: LevelLoop;
  readonly #stopListening: () => void;
  #messages: WebcasterMessages = messagesEn;
  #language = 'en';
  #isMenuOpen = false;
  #areDetailsOpen = false;
  #dismissed: GatecastError | null = null;
  #announced: BroadcastState = 'idle';
  #cancelTick: Cancel | null = null;

  constructor(host: SecureWebcaster, broadcaster: Broadcaster) {
    this.#host = host;
    this.#broadcaster = broadcaster;
    adoptStyles(host.renderRoot as ShadowRoot, [shellStyles, controlsStyles]);
    this.#level = new LevelLoop(
      () => broadcaster.media?.getAudioTracks()[0] ?? null,
      () => host.renderRoot.querySelector<HTMLElement>('.level'),
    );
    this.#stopListening = webcasterMessageTables.onChanged(() => void this.#loadMessages());
    void this.#loadMessages();
  }

  /** Nothing of the controls stays running. */
  remove(): void {
    this.#stopListening();
    this.#level.stop();
    this.#cancelTick?.();
    this.#cancelTick = null;
  }

  render(): TemplateResult {
    const { state, liveSinceMs, stats, error } = this.#broadcaster;
    this.#level.update();
    this.#tickWhile(liveSinceMs !== null);
    if (state !== 'idle') this.#announced = state;
    const messages = this.#messages;
    return html`<div
      class="controls"
      part="controls"
      role="group"
      aria-label=${messages.controls}
      data-state=${state}
    >
      <div class="top" part="top">
        ${stateBadge(state, liveSinceMs, messages)}
        ${
          stats
            ? qualityButton(stats, this.#areDetailsOpen, messages, () => {
                this.#areDetailsOpen = !this.#areDetailsOpen;
                this.#host.requestUpdate();
              })
            : nothing
        }
      </div>
      ${stats && this.#areDetailsOpen ? detailsPanel(stats, messages, this.#language) : nothing}
      ${this.#renderCentre(state, error)} ${this.#isMenuOpen ? this.#renderMenu() : nothing}
      ${this.#renderBar(state)}
      <p class="unseen" role="status">${announcement(this.#announced, messages)}</p>
    </div>`;
  }

  #renderBar(state: BroadcastState): TemplateResult {
    const { stats } = this.#broadcaster;
    const messages = this.#messages;
    const hasMedia = this.#broadcaster.isPreviewing;
    const isScreen = this.#host.capture === 'screen';
    return html`<div class="bar" part="bar">
      ${this.#renderPrimary(state)} ${hasMedia ? this.#renderMuteButtons() : nothing}
      ${
        hasMedia && canShareScreen()
          ? iconButton({
              icon: isScreen ? screenOffIcon : screenIcon,
              label: isScreen ? messages.stopSharing : messages.shareScreen,
              isActive: isScreen,
              onClick: () => this.#switch({ capture: isScreen ? 'camera' : 'screen' }),
            })
          : nothing
      }
      <button
        part="button devices-button"
        type="button"
        title=${messages.devices}
        aria-label=${messages.devices}
        aria-expanded=${this.#isMenuOpen}
        aria-controls="menu"
        @click=${() => this.#toggleMenu(!this.#isMenuOpen)}
      >
        ${devicesIcon}
      </button>
      <span class="spacer"></span>
      ${stats ? html`<span class="figures" part="figures">${figures(stats, this.#language)}</span>` : nothing}
      ${
        hasMedia && !isOnAir(state)
          ? iconButton({
              icon: offIcon,
              label: messages.turnOff,
              onClick: () => this.#do(this.#host.stopPreview()),
            })
          : nothing
      }
    </div>`;
  }

  #renderPrimary(state: BroadcastState): TemplateResult {
    const messages = this.#messages;
    if (!isOnAir(state)) {
      return html`<button
        class="primary"
        part="button primary start-button"
        type="button"
        @click=${() => this.#do(this.#host.startBroadcast())}
      >
        ${messages.goLive}
      </button>`;
    }
    const isConnecting = state === 'connecting';
    return html`<button
      class="primary ends"
      part="button primary stop-button"
      type="button"
      aria-label=${isConnecting ? messages.cancel : messages.endLabel}
      @click=${() => this.#do(this.#host.stopBroadcast({ keepPreview: isConnecting }))}
    >
      ${isConnecting ? messages.cancel : messages.end}
    </button>`;
  }

  #renderMuteButtons(): TemplateResult {
    const { media, muted } = this.#broadcaster;
    const messages = this.#messages;
    const hasAudio = (media?.getAudioTracks().length ?? 0) > 0;
    const hasVideo = (media?.getVideoTracks().length ?? 0) > 0;
    return html`${
      hasAudio
        ? html`<span class="microphone"
            >${iconButton({
              icon: muted.audio ? microphoneOffIcon : microphoneIcon,
              label: muted.audio ? messages.unmuteAudio : messages.muteAudio,
              isActive: muted.audio,
              onClick: () => this.#do(this.#host.setMuted({ audio: !muted.audio })),
            })}<span
              class="level"
              part="level"
              role="meter"
              aria-label=${messages.level}
              aria-valuemin="0"
              aria-valuemax="100"
              aria-valuenow="0"
            ></span
          ></span>`
        : nothing
    }
    ${
      hasVideo
        ? iconButton({
            icon: muted.video ? cameraOffIcon : cameraIcon,
            label: muted.video ? messages.unmuteVideo : messages.muteVideo,
            isActive: muted.video,
            onClick: () => this.#do(this.#host.setMuted({ video: !muted.video })),
          })
        : nothing
    }`;
  }

  #renderCentre(state: BroadcastState, error: GatecastError | null): TemplateResult | typeof nothing {
    const messages = this.#messages;
    if (error && error !== this.#dismissed) {
      const text = errorText(error.code, messages);
      if (state !== 'failed') {
        return html`<div class="panel notice" part="notice" role="alert">
          <span>${text}</span>
          ${iconButton({ icon: closeIcon, label: messages.close, onClick: () => this.#dismiss(error) })}
        </div>`;
      }
      return html`<div class="centre">
        <div class="card" part="error" role="alert">
          <p>${text}</p>
          <div class="actions">
            <button part="button retry-button" type="button" @click=${() => this.#retry()}>
              ${messages.tryAgain}
            </button>
            <button part="button" type="button" @click=${() => this.#dismiss(error)}>
              ${messages.close}
            </button>
          </div>
        </div>
      </div>`;
    }
    if (this.#broadcaster.isPreviewing || isOnAir(state)) return nothing;
    return html`<div class="centre">
      <button
        class="begin"
        part="button preview-button"
        type="button"
        @click=${() => this.#do(this.#host.startPreview())}
      >
        ${this.#beginText()}
      </button>
    </div>`;
  }

  #beginText(): string {
    const messages = this.#messages;
    if (this.#host.mediaStream) return messages.startPreview;
    switch (this.#host.capture) {
      case 'camera':
        return messages.startCamera;
      case 'audio':
        return messages.startMicrophone;
      case 'screen':
        return messages.startScreen;
      case 'none':
        return messages.startPreview;
    }
  }

  #renderMenu(): TemplateResult {
    const { devices } = this.#broadcaster;
    return deviceMenu({
      devices,
      video: this.#host.video,
      audio: this.#host.audio,
      messages: this.#messages,
      onChange: (change) => this.#switch(change),
      onClose: () => this.#toggleMenu(false),
    });
  }

  #toggleMenu(isOpen: boolean): void {
    this.#isMenuOpen = isOpen;
    this.#host.requestUpdate();
    const { renderRoot, updateComplete } = this.#host;
    const target = isOpen ? 'select' : '[part~="devices-button"]';
    void updateComplete.then(() => renderRoot.querySelector<HTMLElement>(target)?.focus());
  }

  #switch(change: DeviceChange): void {
    this.#host.switchDevice(change).catch((error: unknown) => {
      // Who closes the browser's dialog has chosen not to share; that is no error to show them.
      const isCancelled = error instanceof GatecastError && error.code === 'permission-denied';
      if (change.capture === 'screen' && isCancelled) this.#dismiss(error);
    });
  }

  #retry(): void {
    const isAboutDevices = !this.#broadcaster.isPreviewing;
    this.#do(isAboutDevices ? this.#host.startPreview() : this.#host.startBroadcast());
  }

  #dismiss(error: GatecastError): void {
    this.#dismissed = error;
    this.#host.requestUpdate();
  }

  /** What fails shows in the state or as a notice; nobody else waits for it here. */
  #do(work: Promise<unknown>): void {
    work.catch(() => undefined);
  }

  /** The live time moves on also where a vendor gives no statistics. */
  #tickWhile(isRunning: boolean): void {
    if (!isRunning) {
      this.#cancelTick?.();
      this.#cancelTick = null;
    } else
      this.#cancelTick ??= systemClock.at(systemClock.now() + 1000, () => {
        this.#cancelTick = null;
        this.#host.requestUpdate();
      });
  }

  async #loadMessages(): Promise<void> {
    this.#language = languageOf(this.#host);
    this.#messages = await loadMessages(this.#language);
    this.#host.requestUpdate();
  }
}

function iconButton({
  icon,
  label,
  isActive = false,
  onClick,
}: {
  icon: TemplateResult;
  label: string;
  isActive?: boolean;
  onClick: () => void;
}): TemplateResult {
  // The label names what a click does; aria-pressed as well would say the opposite to a screen reader.
  return html`<button
    part="button"
    type="button"
    ?data-active=${isActive}
    title=${label}
    aria-label=${label}
    @click=${onClick}
  >
    ${icon}
  </button>`;
}

/** Phones have no screen to share from a page. */
function canShareScreen(): boolean {
  const devices = (navigator as Partial<Navigator>).mediaDevices as Partial<MediaDevices> | undefined;
  return devices?.getDisplayMedia !== undefined;
}
