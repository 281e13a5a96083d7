import { css, type CSSResult } from '@lit/reactive-element';

export const playerStyles: CSSResult = css`
  :host {
    display: block;
    position: relative;
    width: var(--_width);
    aspect-ratio: var(--secure-player-aspect-ratio, var(--_ratio, 16 / 9));
    background: var(--secure-player-background, #000);
    overflow: hidden;
  }
  :host([hidden]) {
    display: none !important;
  }
  video {
    display: block;
    width: 100%;
    height: 100%;
    object-fit: contain;
  }
  video[hidden],
  slot:not([name]) {
    display: none;
  }
  ::slotted([slot='player']),
  p {
    position: absolute;
    inset: 0;
    color: #fff;
  }
`;
