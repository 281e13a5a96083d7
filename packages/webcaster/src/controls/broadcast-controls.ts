import { applyStyles, fillMessage, ownDirection } from '@gatecast/element';
import { GatecastError, systemClock, type Cancel } from '@gatecast/token';
import { html, nothing, type TemplateResult } from 'lit';
import { isBroadcasting, type BroadcastState } from '../broadcast/broadcast-state.js';
import type { Broadcaster } from '../broadcast/broadcaster.js';
import type { DeviceChange } from '../capture/capture-request.js';
import { shellStyles } from '../element/shell-styles.js';
import type { WebcasterMessages } from '../messages/message-tables.js';
import { checkButton, checkPanel } from './check-panel.js';
import { countdownPanel, errorCard, notice, previewButton, spokenSeconds } from './centre-panel.js';
import { controlBar } from './control-bar.js';
import type { ControlsHost } from './controls-host.js';
import { ControlsTexts } from './controls-texts.js';
import { controlsStyles } from './controls-styles.js';
import {
  announcement,
  detailsPanel,
  figures,
  qualityButton,
  sendingNote,
  sendingText,
  stateBadge,
} from './controls-view.js';
import { deviceMenu } from './device-menu.js';
import { keepFocus } from './keep-focus.js';
import { LevelLoop } from './level-loop.js';
import { narrowStyles } from './narrow-styles.js';
import { pictureMenu } from './picture-menu.js';
import { panelStyles } from './panel-styles.js';
import { RecordingControls } from './recording-controls.js';

/** The element's own controls, rendered into its shadow root. They act only by the element's public methods. */
export class BroadcastControls {
  readonly #host: ControlsHost;
  readonly #broadcaster: Broadcaster;
  readonly #level: LevelLoop;
  readonly #recording: RecordingControls;
  readonly #texts: ControlsTexts;
  #isMenuOpen = false;
  #areDetailsOpen = false;
  #isCheckOpen = false;
  /** Calls of `check()` that have not settled. */
  #pendingChecks = 0;
  #dismissed: GatecastError | null = null;
  #announced: BroadcastState = 'idle';
  #cancelTick: Cancel | null = null;

  constructor(host: ControlsHost, broadcaster: Broadcaster) {
    this.#host = host;
    this.#broadcaster = broadcaster;
    this.#recording = new RecordingControls(host, broadcaster);
    this.#texts = new ControlsTexts(host);
    applyStyles(host.renderRoot as ShadowRoot, [shellStyles, controlsStyles, panelStyles, narrowStyles]);
    this.#level = new LevelLoop(
      () => broadcaster.capture.media?.getAudioTracks()[0] ?? null,
      () => host.renderRoot.querySelector<HTMLElement>('.level'),
    );
  }

  get #messages(): WebcasterMessages {
    return this.#texts.messages;
  }

  /** Stops all that the controls have running. */
  remove(): void {
    this.#texts.stop();
    this.#level.stop();
    this.#recording.remove();
    this.#cancelTick?.();
    this.#cancelTick = null;
  }

  render(): TemplateResult {
    const { state } = this.#broadcaster.status;
    // A lost device is shown for as long as it is lost, also after a reconnect.
    const error = this.#broadcaster.status.error ?? this.#broadcaster.capture.lostError;
    const { liveSinceMs, stats, sending, onAir } = this.#broadcaster.active;
    const countdown = this.#broadcaster.countdown.remaining;
    this.#texts.update();
    this.#level.update();
    this.#tickWhile(liveSinceMs !== null);
    if (state !== 'idle') this.#announced = state;
    const messages = this.#messages;
    const limit = state === 'live' ? sendingText(sending, messages) : '';
    const hasErrorCard = state === 'failed' && error !== null && error !== this.#dismissed;
    keepFocus(this.#host);
    // A start, or a changed setting, has ended the check: what it has found is out of date.
    const hasCheck = this.#pendingChecks > 0 || this.#broadcaster.checks.report !== null;
    if (isBroadcasting(state) || !hasCheck) this.#isCheckOpen = false;
    return html`<div
      class="controls"
      part="controls"
      role="group"
      aria-label=${messages.controls}
      dir=${ownDirection(this.#host) || nothing}
      data-state=${state}
      ?data-error=${hasErrorCard}
      @keydown=${(event: KeyboardEvent) => this.#onKeyDown(event)}
    >
      <div class="top" part="top">
        ${stateBadge({ state, liveSinceMs, onAir, countdown }, messages)} ${this.#recording.badge(messages)}
        ${stats ? qualityButton(stats, this.#areDetailsOpen, messages, () => this.#toggleDetails()) : nothing}
      </div>
      ${stats && this.#areDetailsOpen ? detailsPanel(stats, messages, this.#texts.language) : nothing}
      ${limit && (!error || error === this.#dismissed) ? sendingNote(limit) : nothing}
      ${this.#renderCentre(state, error)} ${this.#isMenuOpen ? this.#renderMenu() : nothing}
      ${this.#isCheckOpen ? this.#renderCheck() : nothing} ${this.#renderBar(state)}
      <p class="unseen" role="status">${[this.#announcement(), limit].filter(Boolean).join(' ')}</p>
    </div>`;
  }

  #announcement(): string {
    const { countdown, active } = this.#broadcaster;
    const messages = this.#messages;
    if (!countdown.remaining) return announcement(this.#announced, active.onAir, messages);
    const seconds = spokenSeconds(countdown.remaining, countdown.seconds);
    return fillMessage(messages.countdown, { seconds });
  }

  #renderBar(state: BroadcastState): TemplateResult {
    const host = this.#host;
    const { capture, active } = this.#broadcaster;
    const isScreen = host.capture.includes('screen');
    return controlBar({
      state,
      media: capture.media,
      muted: capture.muted,
      isScreen,
      isMenuOpen: this.#isMenuOpen,
      figures: active.stats && figures(active.stats, this.#texts.language),
      messages: this.#messages,
      onStart: () => this.#do(host.startBroadcast()),
      onStop: (options) => this.#do(host.stopBroadcast(options)),
      onMute: (change) => this.#do(host.setMuted(change)),
      onShareScreen: () => this.#switch({ capture: isScreen ? 'camera' : 'screen' }),
      onToggleMenu: () => this.#toggleMenu(!this.#isMenuOpen),
      onTurnOff: () => this.#do(host.stopPreview()),
    });
  }

  /** The seconds that remain stay in sight beside all other notices: at their end, the page goes live. */
  #renderCentre(state: BroadcastState, error: GatecastError | null): TemplateResult {
    const { remaining } = this.#broadcaster.countdown;
    return html`${remaining ? countdownPanel(remaining, this.#messages) : nothing}
    ${this.#renderNotice(state, error, remaining !== null)}`;
  }

  #renderNotice(
    state: BroadcastState,
    error: GatecastError | null,
    isCounting: boolean,
  ): TemplateResult | typeof nothing {
    const messages = this.#messages;
    if (error && error !== this.#dismissed) {
      const onDismiss = () => this.#dismiss(error);
      return state === 'failed'
        ? errorCard(error, messages, { onRetry: () => this.#retry(), onDismiss })
        : notice(error, messages, onDismiss);
    }
    if (isCounting || this.#broadcaster.capture.isOpen || isBroadcasting(state))
      return this.#recording.notice(messages);
    const { capture, mediaStream } = this.#host;
    return previewButton(mediaStream ? 'none' : capture, messages, () => this.#do(this.#host.startPreview()));
  }

  #renderMenu(): TemplateResult {
    return deviceMenu({
      devices: this.#broadcaster.capture.devices,
      video: this.#host.video,
      audio: this.#host.audio,
      messages: this.#messages,
      onChange: (change) => this.#switch(change),
      more: this.#renderPictureMenu(),
    });
  }

  #renderPictureMenu(): TemplateResult {
    const host = this.#host;
    const messages = this.#messages;
    const { capture, layout = 'picture-in-picture', inset = 'bottom-right' } = host;
    return html`${pictureMenu({
      capture,
      layout,
      inset,
      messages,
      onLayout: (chosen) => {
        host.layout = chosen;
        if (capture === 'screen' && chosen !== 'screen') this.#switch({ capture: 'camera screen' });
      },
      onInset: (chosen) => {
        host.inset = chosen;
      },
    })}
    ${this.#broadcaster.status.isBroadcasting ? nothing : checkButton(messages, () => this.#check())}
    ${this.#recording.buttons(messages)}`;
  }

  #renderCheck(): TemplateResult {
    const { report, checks } = this.#broadcaster.checks;
    return checkPanel({
      report,
      checks,
      messages: this.#messages,
      onAgain: () => this.#check(),
      onClose: () => this.#closeCheck(),
    });
  }

  #check(): void {
    this.#isCheckOpen = true;
    if (this.#isMenuOpen) this.#toggleMenu(false);
    this.#pendingChecks += 1;
    const settle = (): void => {
      this.#pendingChecks -= 1;
      this.#host.requestUpdate();
    };
    this.#host.check().then(settle, settle);
  }

  #closeCheck(): void {
    this.#isCheckOpen = false;
    this.#host.requestUpdate();
  }

  /** Escape closes what is open, wherever in the controls the focus is. */
  #onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || !(this.#isMenuOpen || this.#areDetailsOpen || this.#isCheckOpen)) return;
    // A dialog of the page around the element stays open.
    event.preventDefault();
    if (this.#isMenuOpen) this.#toggleMenu(false);
    else if (this.#isCheckOpen) this.#closeCheck();
    else this.#toggleDetails();
  }

  #toggleDetails(): void {
    this.#areDetailsOpen = !this.#areDetailsOpen;
    this.#host.requestUpdate();
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
      // A user who closes the browser's dialog has chosen not to share. This is not an error.
      const isCancelled = error instanceof GatecastError && error.code === 'permission-denied';
      if (change.capture?.includes('screen') && isCancelled) this.#dismiss(error);
    });
  }

  #retry(): void {
    this.#do(this.#broadcaster.capture.isOpen ? this.#host.startBroadcast() : this.#host.startPreview());
  }

  #dismiss(error: GatecastError): void {
    this.#dismissed = error;
    this.#host.requestUpdate();
  }

  /** A failure shows as a state or as a notice, so its rejection needs no handling here. */
  #do(work: Promise<unknown>): void {
    work.catch(() => undefined);
  }

  /** Updates the live time once a second, also without statistics. */
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
}
