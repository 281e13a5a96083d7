import { css, type CSSResult } from '@lit/reactive-element';

/** What the themes `minimal` and `audio` change. Rules of the page for parts come after these. */
export const themeStyles: CSSResult = css`
  media-captions-button:is(:not([mediasubtitleslist]), :not([data-theme='minimal'] *)),
  [data-theme='minimal']
    :is(media-time-range, media-volume-range, media-settings-menu-button, media-pip-button),
  [data-theme='minimal'] :is(media-cast-button, media-airplay-button),
  [data-theme='audio'] :is(.center, media-pip-button, media-fullscreen-button, media-cast-button),
  [data-theme='audio'] :is(media-airplay-button, media-preview-thumbnail),
  [data-theme='audio']:not([breakpointmd]) media-volume-range {
    display: none;
  }
  :host([theme='audio']) ::slotted([slot='player']) {
    visibility: hidden;
  }
  media-controller[audio] {
    overflow: visible;
    border-radius: inherit;
    --media-menu-max-height: min(300px, 60vh);
    /* Opaque: it lies over the text of the page. */
    --_panel: var(--secure-player-menu-background, rgb(17 19 26));
  }
  media-controller[audio] .area {
    position: absolute;
    inset: 0;
    display: flex;
    align-items: center;
    padding: 0 4px;
    border-radius: inherit;
    background: none;
  }
  media-controller[audio]:not([breakpointsm]) .area {
    padding: 0 2px;
  }
  [data-theme='audio'] media-time-range {
    /* The gap after it takes the room where it is hidden. */
    flex: 999 1 60px;
    width: auto;
  }
  /* Over the text of the page. */
  [data-theme='audio'] [part='preview-chapter'] {
    --media-preview-chapter-background: var(--_panel);
    margin-bottom: 2px;
    border-radius: 6px;
  }
  [data-theme='audio'] media-settings-menu {
    margin: 0 4px 4px;
  }
  [data-theme='audio'] media-settings-menu.below {
    top: 100%;
    bottom: auto;
    margin-top: 4px;
  }
  /* A ring around the play button. */
  [data-theme='audio'] media-loading-indicator {
    position: absolute;
    inset-inline-start: 4px;
    top: calc(50% - 20px);
    z-index: 1;
    pointer-events: none;
  }
  [data-theme='audio'] .spinner {
    width: 40px;
    height: 40px;
    border-width: 2px;
  }
`;
