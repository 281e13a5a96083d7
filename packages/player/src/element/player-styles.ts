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
  /* A bar has no aspect ratio, also where the page gives all players one. */
  :host([theme='audio']) {
    aspect-ratio: auto !important;
    height: 48px;
  }
  :host([theme='audio']) video:not([controls]) {
    opacity: 0;
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
