import { css, type CSSResult } from '@lit/reactive-element';

export const captionPanelStyles: CSSResult = css`
  [part='captions-panel'] {
    position: absolute;
    inset-inline-end: 10px;
    /* Over the buttons; in a small player over all of it. */
    bottom: max(4px, min(62px, 100% - 340px));
    z-index: 1;
    box-sizing: border-box;
    display: grid;
    grid-template-columns: 1fr 150px;
    gap: 7px 12px;
    align-items: center;
    width: min(350px, 100% - 20px);
    height: auto;
    max-height: calc(100% - 8px);
    overflow: auto;
    padding: 10px 14px;
    border: 1px solid transparent;
    border-radius: 10px;
    font: 400 14px/1.3 var(--secure-player-font, system-ui, sans-serif);
    color: var(--_text);
    color-scheme: dark;
    background: var(--_panel);
    box-shadow: 0 8px 28px rgb(0 0 0 / 0.45);
    pointer-events: auto;
  }
  [part='captions-panel'][hidden] {
    display: none;
  }
  [part='captions-panel'] h2 {
    margin: 0;
    font-size: 14px;
    font-weight: 600;
  }
  [part='captions-panel'] .sample {
    position: static;
    display: flex;
    align-items: center;
    justify-content: center;
    height: 36px;
    margin: 0;
    overflow: hidden;
    border-radius: 6px;
    background: linear-gradient(100deg, #3d5a80, #98a9bf 55%, #2b2d42);
    font-size: 15px;
    forced-color-adjust: none;
  }
  [part='captions-panel'] .sample span {
    padding: 0 0.2em;
    line-height: 1.25;
    color: #fff;
    background: rgb(0 0 0 / 0.8);
  }
  [part='captions-panel'] label {
    display: flex;
    grid-column: 1 / -1;
    align-items: center;
    justify-content: space-between;
    gap: 2px 12px;
  }
  [part='captions-choice'] {
    flex: none;
    box-sizing: border-box;
    width: 150px;
    padding: 3px 6px;
    border: 1px solid rgb(255 255 255 / 0.45);
    border-radius: 6px;
    font: inherit;
    color: #fff;
    background: #262a35;
  }
  [part='captions-panel'] .actions {
    display: flex;
    grid-column: 1 / -1;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: 8px;
  }
  [part='captions-panel'] button {
    padding: 5px 12px;
    border: 1px solid rgb(255 255 255 / 0.45);
    border-radius: 6px;
    font: inherit;
    color: inherit;
    background: none;
    cursor: pointer;
  }
  [part='captions-panel'] button:hover {
    background: rgb(255 255 255 / 0.16);
  }
  [part='captions-panel'] :is(select, button):focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: 1px;
  }
  /* A small player is not high enough for one choice in each row. */
  media-controller:not([breakpointmd]) [part='captions-panel'] {
    grid-template-columns: 1fr 1fr;
    gap: 4px 12px;
    padding: 6px 10px;
    font-size: 13px;
  }
  media-controller:not([breakpointmd]) [part='captions-panel'] :is(label, .actions) {
    grid-column: auto;
  }
  media-controller:not([breakpointmd]) [part='captions-panel'] label {
    flex-direction: column;
    align-items: stretch;
  }
  media-controller:not([breakpointmd]) [part='captions-panel'] .actions {
    align-self: end;
  }
  media-controller:not([breakpointmd]) [part='captions-choice'] {
    width: auto;
  }
`;
