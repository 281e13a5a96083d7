import { html, nothing, type TemplateResult } from 'lit';
import type { CaptureKind } from '../capture/capture-request.js';
import { PICTURE_LAYOUTS, type PictureLayout } from '../composition/layout-names.js';
import type { WebcasterMessages } from '../messages/message-tables.js';

export interface PictureMenuModel {
  readonly capture: CaptureKind;
  readonly layout: PictureLayout;
  readonly inset: string;
  readonly messages: WebcasterMessages;
  readonly onLayout: (layout: PictureLayout) => void;
  readonly onInset: (inset: string) => void;
}

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
