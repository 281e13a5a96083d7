import { css } from 'lit';

export const controlsStyles = css`
  .controls {
    --accent: var(--webcaster-accent, #d6282e);
    --surface: var(--webcaster-surface, rgb(18 21 28 / 0.82));
    --line: rgb(255 255 255 / 0.14);
    position: absolute;
    inset: 0;
    display: flex;
    flex-direction: column;
    justify-content: space-between;
    container-type: inline-size;
    font: 500 14px/1.4 var(--webcaster-font-family, system-ui, sans-serif);
    letter-spacing: 0.005em;
  }
  .top,
  .bar {
    display: flex;
    align-items: center;
    gap: 8px;
    padding: 14px 16px;
  }
  .top {
    justify-content: space-between;
    background: linear-gradient(rgb(0 0 0 / 0.55), transparent);
    padding-bottom: 28px;
  }
  .bar {
    background: linear-gradient(transparent, rgb(0 0 0 / 0.72));
    padding-top: 36px;
  }
  .spacer {
    flex: 1;
  }
  .badge {
    display: inline-flex;
    align-items: center;
    gap: 8px;
    padding: 5px 11px;
    border-radius: 7px;
    background: var(--surface);
    font-variant-numeric: tabular-nums;
    font-weight: 600;
  }
  .badge::before {
    content: '';
    width: 8px;
    height: 8px;
    border-radius: 50%;
    background: #8b93a3;
  }
  .badge[data-state='preview']::before {
    background: #46c281;
  }
  .badge[data-state='live'] {
    background: var(--accent);
  }
  .badge[data-state='live'][data-on-air='false'] {
    background: #8a5a00;
  }
  .badge[data-state='live']::before {
    background: #fff;
  }
  .badge[data-state='connecting']::before,
  .badge[data-state='reconnecting']::before {
    background: #f5b73d;
    animation: pulse 1.1s ease-in-out infinite;
  }
  @keyframes pulse {
    50% {
      opacity: 0.25;
    }
  }
  button,
  select {
    font: inherit;
    color: inherit;
  }
  button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    min-width: 44px;
    height: 44px;
    padding: 0 11px;
    border: 0;
    border-radius: 12px;
    background: rgb(26 30 39 / 0.72);
    backdrop-filter: blur(8px);
    white-space: nowrap;
    cursor: pointer;
    transition: background-color 0.15s;
  }
  button:hover {
    background: rgb(62 69 84 / 0.86);
  }
  button[data-active] {
    background: #fff;
    color: #14171e;
  }
  button:disabled {
    opacity: 0.45;
    cursor: default;
  }
  .primary {
    padding: 0 20px;
    background: var(--accent);
    color: var(--webcaster-accent-color, #fff);
    font-weight: 650;
  }
  .primary:hover {
    background: color-mix(in srgb, var(--accent), #fff 14%);
  }
  .primary.ends {
    background: #fff;
    color: #14171e;
  }
  .primary.ends:hover {
    background: #e3e6ec;
  }
  .microphone {
    position: relative;
    display: inline-flex;
  }
  .level {
    position: absolute;
    inset: auto 9px 5px;
    height: 3px;
    border-radius: 2px;
    pointer-events: none;
    background: #46c281;
    transform: scaleX(var(--level, 0));
    transform-origin: left;
  }
  .level:dir(rtl) {
    transform-origin: right;
  }
  .quality {
    height: 32px;
    padding: 0 11px;
    border-radius: 7px;
    background: var(--surface);
  }
  .bars {
    display: inline-flex;
    align-items: flex-end;
    gap: 2px;
    height: 13px;
  }
  .bars i {
    width: 3px;
    height: 40%;
    border-radius: 1px;
    background: rgb(255 255 255 / 0.3);
  }
  .bars i:nth-child(2) {
    height: 70%;
  }
  .bars i:nth-child(3) {
    height: 100%;
  }
  [data-quality='good'] .bars i {
    background: #46c281;
  }
  [data-quality='fair'] .bars i:not(:last-child) {
    background: #f5b73d;
  }
  [data-quality='poor'] .bars i:first-child {
    background: #ff6369;
  }
  .figures {
    color: rgb(255 255 255 / 0.85);
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .centre {
    position: absolute;
    inset: 0;
    display: grid;
    place-items: center;
    padding: 56px 16px 72px;
    pointer-events: none;
  }
  .centre > * {
    pointer-events: auto;
  }
  .begin {
    height: 52px;
    padding: 0 24px;
    border-radius: 26px;
    border: 1px solid var(--line);
    background: rgb(255 255 255 / 0.16);
    font-size: 15px;
    font-weight: 600;
  }
  button:focus-visible,
  select:focus-visible {
    outline: 3px solid var(--webcaster-focus-color, #7cb8ff);
    outline-offset: 2px;
  }
  svg {
    flex: none;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.8;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before {
      animation: none !important;
      transition: none !important;
    }
  }
  @media (forced-colors: active) {
    button,
    .badge,
    .card,
    .panel {
      border: 1px solid ButtonText;
    }
  }
`;
