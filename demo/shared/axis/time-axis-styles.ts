import { css } from 'lit';

export const timeAxisStyles = css`
  :host {
    display: block;
    font-size: 0.8125rem;
    color: var(--ink-soft);
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.4rem;
    margin-bottom: 0.6rem;
  }
  .bar button {
    min-width: 2.25rem;
    min-height: 2.25rem;
    padding: 0 0.6rem;
    font: inherit;
    font-weight: 600;
    color: var(--ink);
    background: var(--surface);
    border: 1px solid var(--line-strong);
    border-radius: var(--radius-small);
    cursor: pointer;
  }
  .bar button:hover {
    background: var(--sunken);
  }
  .bar .live[aria-pressed='true'] {
    color: var(--accent);
    border-color: var(--accent);
    background: var(--accent-wash);
  }
  .bar button:focus-visible,
  .field:focus-visible {
    outline: none;
    box-shadow: var(--ring);
  }
  .hint {
    margin-left: 0.4rem;
  }
  .field {
    position: relative;
    border: 1px solid var(--line);
    border-radius: var(--radius-small);
    overflow: hidden;
  }
  canvas {
    display: block;
    width: 100%;
    cursor: grab;
    touch-action: pan-y;
  }
  canvas:active {
    cursor: grabbing;
  }
  .tip-line {
    position: absolute;
    inset-inline: 0.5rem;
    bottom: 1.75rem;
    pointer-events: none;
  }
  .tip {
    position: relative;
    width: max-content;
    max-width: min(26rem, 100%);
    margin: 0;
    padding: 0.45rem 0.7rem;
    line-height: 1.45;
    color: var(--ground);
    background: var(--ink);
    border-radius: var(--radius-small);
    box-shadow: var(--shadow);
    overflow-wrap: anywhere;
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 0.3rem 1rem;
    margin: 0.7rem 0 0;
    padding: 0;
    list-style: none;
  }
  .legend li {
    display: inline-flex;
    align-items: center;
    gap: 0.35rem;
  }
  .swatch,
  .mark,
  .dash {
    display: inline-block;
  }
  .swatch {
    width: 1.1rem;
    height: 0.75rem;
    border: 1px solid var(--hue);
    border-left-width: 4px;
    border-radius: 3px;
    background: color-mix(in srgb, var(--hue) 24%, var(--surface));
  }
  .mark {
    width: 4px;
    height: 0.8rem;
    background: var(--hue);
  }
  .dash {
    width: 0;
    height: 0.9rem;
    border-left: 2px dashed var(--hue);
  }
  .good {
    --hue: var(--good);
  }
  .warn {
    --hue: var(--warn);
  }
  .bad {
    --hue: var(--bad);
  }
  @media (max-width: 40rem) {
    .hint {
      display: none;
    }
    .bar button {
      min-height: 2.75rem;
      min-width: 2.75rem;
    }
  }
`;
