import { css } from 'lit';

/** The stage; what the controls look like comes with them. */
export const shellStyles = css`
  :host {
    display: block;
    position: relative;
    overflow: hidden;
    aspect-ratio: var(--webcaster-aspect-ratio, 16 / 9);
    background: var(--webcaster-background, #0b0d12);
    color: var(--webcaster-color, #fff);
    contain: content;
  }
  :host([hidden]) {
    display: none !important;
  }
  video,
  ::slotted([slot='preview']) {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    object-fit: var(--webcaster-object-fit, contain);
    transform: var(--webcaster-preview-transform, none);
  }
`;
