import { html, nothing, type TemplateResult } from 'lit';
import { isBroadcasting, type BroadcastState } from '../broadcast/broadcast-state.js';
import type { MuteChange } from '../capture/capture.js';
import type { WebcasterMessages } from '../messages/message-tables.js';
import { iconButton } from './icon-button.js';
import {
  cameraIcon,
  cameraOffIcon,
  devicesIcon,
  microphoneIcon,
  microphoneOffIcon,
  offIcon,
  screenIcon,
  screenOffIcon,
} from './icons.js';

/** What the bar shows, and what its buttons do. */
export interface ControlBarModel {
  readonly state: BroadcastState;
  /** What is captured; `null` when nothing is open. */
  readonly media: MediaStream | null;
  readonly muted: Readonly<Required<MuteChange>>;
  readonly isScreen: boolean;
  readonly isMenuOpen: boolean;
  /** Bitrate and frame rate; `null` without statistics. */
  readonly figures: string | null;
  readonly messages: WebcasterMessages;
  readonly onStart: () => void;
  readonly onStop: (options: { keepPreview: boolean }) => void;
  readonly onMute: (change: MuteChange) => void;
  readonly onShareScreen: () => void;
  readonly onToggleMenu: () => void;
  readonly onTurnOff: () => void;
}

/** The bar at the bottom: start and stop, mute, screen, devices. */
export function controlBar(model: ControlBarModel): TemplateResult {
  const { state, media, isScreen, isMenuOpen, figures, messages, onShareScreen, onToggleMenu, onTurnOff } =
    model;
  return html`<div class="bar" part="bar">
    ${isBroadcasting(state) ? stopButton(model) : startButton(model)}
    ${media ? muteButtons(media, model) : nothing}
    ${
      media && canShareScreen()
        ? iconButton({
            icon: isScreen ? screenOffIcon : screenIcon,
            label: isScreen ? messages.stopSharing : messages.shareScreen,
            isActive: isScreen,
            onClick: onShareScreen,
          })
        : nothing
    }
    <button
      part="button devices-button"
      type="button"
      title=${messages.devices}
      aria-label=${messages.devices}
      aria-expanded=${isMenuOpen}
      aria-controls="menu"
      @click=${onToggleMenu}
    >
      ${devicesIcon}
    </button>
    <span class="spacer"></span>
    ${figures === null ? nothing : html`<span class="figures" part="figures">${figures}</span>`}
    ${
      media && !isBroadcasting(state)
        ? iconButton({ icon: offIcon, label: messages.turnOff, onClick: onTurnOff })
        : nothing
    }
  </div>`;
}

function startButton({ messages, onStart }: ControlBarModel): TemplateResult {
  return html`<button class="primary" part="button primary start-button" type="button" @click=${onStart}>
    ${messages.goLive}
  </button>`;
}

function stopButton({ state, messages, onStop }: ControlBarModel): TemplateResult {
  const isConnecting = state === 'connecting';
  return html`<button
    class="primary ends"
    part="button primary stop-button"
    type="button"
    aria-label=${isConnecting ? messages.cancel : messages.endLabel}
    @click=${() => onStop({ keepPreview: isConnecting })}
  >
    ${isConnecting ? messages.cancel : messages.end}
  </button>`;
}

function muteButtons(media: MediaStream, { muted, messages, onMute }: ControlBarModel): TemplateResult {
  return html`${
    media.getAudioTracks().length > 0
      ? html`<span class="microphone"
          >${iconButton({
            icon: muted.audio ? microphoneOffIcon : microphoneIcon,
            label: muted.audio ? messages.unmuteAudio : messages.muteAudio,
            isActive: muted.audio,
            onClick: () => onMute({ audio: !muted.audio }),
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
    media.getVideoTracks().length > 0
      ? iconButton({
          icon: muted.video ? cameraOffIcon : cameraIcon,
          label: muted.video ? messages.unmuteVideo : messages.muteVideo,
          isActive: muted.video,
          onClick: () => onMute({ video: !muted.video }),
        })
      : nothing
  }`;
}

/** Phones have no screen to share from a page. */
function canShareScreen(): boolean {
  const devices = (navigator as Partial<Navigator>).mediaDevices as Partial<MediaDevices> | undefined;
  return devices?.getDisplayMedia !== undefined;
}
