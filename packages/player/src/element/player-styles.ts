import { css, type CSSResult } from '@lit/reactive-element';

export const playerStyles: CSSResult = css`
  :host {
    display: block;
    position: relative;
    aspect-ratio: var(--secure-player-aspect-ratio, 16 / 9);
    background: var(--secure-player-background, #000);
    overflow: hidden;
  }
  :host([hidden]) {
    display: none;
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
  ::slotted([slot='player']) {
    position: absolute;
    inset: 0;
  }
  [part='error'] {
    position: absolute;
    inset: 0;
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: 0.5em;
    padding: 1em;
    overflow: auto;
    font:
      1rem/1.4 system-ui,
      sans-serif;
    text-align: center;
    color: #fff;
    background: rgb(12 14 20 / 0.88);
  }
  p {
    margin: 0;
    font-weight: 600;
    max-width: 44em;
  }
  .hint {
    font-weight: 400;
    font-size: 0.875em;
    color: #c8ccd6;
  }
  button {
    margin-top: 0.5em;
    padding: 0.55em 1.2em;
    border: 0;
    border-radius: 999px;
    font: inherit;
    font-weight: 600;
    color: #0c0e14;
    background: #fff;
    cursor: pointer;
  }
  button:hover {
    background: #dfe3ee;
  }
  button:focus-visible {
    outline: 3px solid #6ea8ff;
    outline-offset: 3px;
  }
`;
