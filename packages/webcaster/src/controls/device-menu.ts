import { fillMessage } from '@gatecast/element';
import { html, nothing, type TemplateResult } from 'lit';
import type { WebcasterMessages } from '../messages/message-tables.js';
import type { DeviceChange } from '../capture/capture-request.js';
import type { BroadcastDevice, BroadcastDevices } from '../capture/device-list.js';

export interface DeviceMenuModel {
  readonly devices: BroadcastDevices;
  readonly video: string;
  readonly audio: string;
  readonly messages: WebcasterMessages;
  readonly onChange: (change: DeviceChange) => void;
  /** What comes below the devices. */
  readonly more?: TemplateResult | typeof nothing;
}

/** The menus for camera and microphone. */
export function deviceMenu(model: DeviceMenuModel): TemplateResult {
  const { devices, video, audio, messages, onChange, more = nothing } = model;
  // Firefox puts what scrolls into the order of Tab, beside the controls in it.
  return html`<div
    class="panel menu"
    part="menu"
    id="menu"
    role="group"
    tabindex="-1"
    aria-label=${messages.devices}
  >
    <label
      >${messages.camera}
      <select @change=${(event: Event) => onChange({ video: valueOf(event) })}>
        ${options(devices.video, video, messages, messages.cameraNumber)}
      </select>
    </label>
    <label
      >${messages.microphone}
      <select @change=${(event: Event) => onChange({ audio: valueOf(event) })}>
        ${options(devices.audio, audio, messages, messages.microphoneNumber)}
      </select>
    </label>
    ${more}
  </div>`;
}

function options(
  devices: readonly BroadcastDevice[],
  chosen: string,
  messages: WebcasterMessages,
  numbered: string,
): TemplateResult[] {
  const fixed = [
    { id: '', label: messages.standard },
    ...devices.map(({ id, label }, index) => ({
      id,
      label: label || fillMessage(numbered, { number: index + 1 }),
    })),
    { id: 'none', label: messages.off },
  ];
  return fixed.map(
    ({ id, label }) => html`<option .value=${id} ?selected=${id === chosen}>${label}</option>`,
  );
}

function valueOf(event: Event): string {
  // Not `instanceof`: one that is made in the document of an iframe does not have the classes of this window.
  return (event.target as HTMLSelectElement | null)?.value ?? '';
}
