import { css, type CSSResult } from '@lit/reactive-element';

export const skinStyles: CSSResult = css`
  :host(:fullscreen) {
    width: 100%;
    height: 100%;
    aspect-ratio: auto;
  }
  media-controller {
    position: absolute;
    inset: 0;
    z-index: 1;
    display: block;
    --_text: var(--secure-player-controls-color, #fff);
    --_accent: var(--secure-player-accent, #6ea8ff);
    --_panel: var(--secure-player-menu-background, rgb(17 19 26 / 0.94));
    --_focus: inset 0 0 0 2px #0c0e14, inset 0 0 0 4px var(--_accent);
    --media-background-color: transparent;
    --media-primary-color: var(--_text);
    --media-secondary-color: transparent;
    --media-control-background: transparent;
    --media-control-hover-background: rgb(255 255 255 / 0.16);
    --media-control-height: 22px;
    --media-control-padding: 9px;
    --media-font-family: var(--secure-player-font, system-ui, sans-serif);
    --media-font-size: 13px;
    --media-font-weight: 500;
    --media-focus-box-shadow: var(--_focus);
    --media-range-bar-color: var(--_accent);
    --media-range-thumb-background: #fff;
    --media-range-thumb-width: 12px;
    --media-range-thumb-height: 12px;
    --media-range-thumb-border-radius: 6px;
    --media-range-track-background: rgb(255 255 255 / 0.3);
    --media-range-track-border-radius: 2px;
    --media-time-range-buffered-color: rgb(255 255 255 / 0.35);
    --media-live-button-icon-color: #b4b9c6;
    --media-live-button-indicator-color: var(--secure-player-live-color, #ff4d4f);
    --media-menu-border-radius: 10px;
    --media-menu-item-height: 22px;
    --media-menu-item-description-max-width: 170px;
    --media-menu-item-hover-background: rgb(255 255 255 / 0.14);
    --media-settings-menu-min-width: 220px;
    --media-settings-menu-background: var(--_panel);
    --media-tooltip-background-color: var(--_panel);
    --media-tooltip-border-radius: 6px;
    --media-tooltip-padding: 0.35em 0.7em;
    --media-tooltip-arrow-display: none;
  }
  media-controller:focus-visible {
    outline: 3px solid var(--_accent);
    outline-offset: -3px;
  }
  .area {
    box-sizing: border-box;
    width: 100%;
    padding: 44px 10px 6px;
    background: linear-gradient(to top, rgb(0 0 0 / 0.82), rgb(0 0 0 / 0.55) 55%, transparent);
    pointer-events: none;
  }
  .area > * {
    pointer-events: auto;
  }
  media-control-bar {
    display: flex;
    align-items: center;
    width: 100%;
  }
  .gap {
    flex: 1;
  }
  media-time-range {
    --media-range-track-height: 4px;
    --media-control-hover-background: transparent;
    --media-range-padding: 8px;
    --media-control-height: 16px;
    --media-preview-box-margin: 0 0 4px;
    display: block;
    width: 100%;
    height: 24px;
    border-radius: 6px;
  }
  media-time-range:hover,
  media-time-range:focus-within {
    --media-range-track-height: 6px;
  }
  [part='preview'] {
    padding: 0.3em 0.7em;
    border-radius: 6px;
    font: 500 13px/1.4 var(--secure-player-font, system-ui, sans-serif);
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
    color: var(--_text);
    background: var(--_panel);
  }
  [part='preview-thumbnail'] {
    --media-preview-thumbnail-border: 2px solid var(--_text);
    --media-preview-thumbnail-border-radius: 6px;
    margin-bottom: 6px;
  }
  .by-key::part(preview-box),
  .by-key[mediapreviewimage] [part='preview-thumbnail'] {
    visibility: visible;
    opacity: 1;
    transition: none;
  }
  [part='preview-chapter'] {
    --media-preview-chapter-background: none;
    max-width: 220px;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-weight: 600;
  }
  [part='preview']:empty {
    display: none;
  }
  [part~='button'],
  .center,
  media-volume-range {
    border-radius: 8px;
  }
  media-volume-range {
    --media-control-hover-background: transparent;
    width: 84px;
  }
  media-live-button {
    --media-control-hover-background: rgb(255 255 255 / 0.16);
    font-variant-numeric: tabular-nums;
    letter-spacing: 0.02em;
  }
  [part='time'] {
    font-variant-numeric: tabular-nums;
  }
  .center {
    --media-control-height: 34px;
    --media-control-padding: 20px;
    --media-control-background: rgb(12 14 20 / 0.66);
    --media-control-hover-background: rgb(12 14 20 / 0.86);
    border-radius: 50%;
  }
  /* No large play button over a picture that plays. */
  media-controller:not([mediapaused]) .center,
  media-controller:not([mediastreamtype='live']) media-live-button,
  media-controller[mediastreamtype='live'] media-time-display,
  media-controller[mediastreamtype='live'][mediatargetlivewindow='0'] media-time-range,
  media-fullscreen-button[mediafullscreenunavailable],
  media-pip-button[mediapipunavailable],
  media-airplay-button[mediaairplayunavailable],
  media-cast-button[mediacastunavailable],
  media-volume-range[mediavolumeunavailable],
  media-settings-menu-item[hidden] {
    display: none;
  }
  media-settings-menu {
    margin: 0 10px 34px;
    border-radius: 10px;
    box-shadow: 0 8px 28px rgb(0 0 0 / 0.45);
    --media-font-size: 14px;
  }
  media-settings-menu-item:dir(rtl)::part(chevron),
  [part='submenu']:dir(rtl)::part(back indicator) {
    transform: scaleX(-1);
  }
  .chapter-title {
    max-width: min(260px, 50vw);
    margin-inline-end: 1.5em;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  [part~='chapter']:dir(rtl)::part(indicator) {
    margin: 0 0 0 0.5ch;
  }
  .chapter-time {
    margin-inline-start: auto;
    font-variant-numeric: tabular-nums;
    opacity: 0.8;
  }
  media-controller:not([breakpointsm]) {
    --media-control-padding: 7px;
  }
  media-controller:not([breakpointsm]) .area {
    padding: 28px 4px 2px;
  }
  media-controller:not([breakpointsm]) :is(media-volume-range, media-pip-button) {
    display: none;
  }
  .spinner {
    box-sizing: border-box;
    width: 52px;
    height: 52px;
    border: 4px solid rgb(255 255 255 / 0.28);
    border-top-color: var(--_text);
    border-radius: 50%;
    animation: turn 0.9s linear infinite;
  }
  @keyframes turn {
    to {
      transform: rotate(1turn);
    }
  }
  @media (prefers-reduced-motion: reduce) {
    media-controller {
      --media-control-transition-in: none;
      --media-control-transition-out: none;
      /* Not none: a menu takes the focus when its transition ends. */
      --media-menu-transition-in: opacity 1ms;
      --media-menu-transition-out: none;
      --media-preview-transition-duration-in: 0s;
      --media-preview-transition-duration-out: 0s;
    }
    .spinner {
      animation-duration: 4s;
    }
  }
`;
