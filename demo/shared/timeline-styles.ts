import { css } from 'lit';

export const timelineStyles = css`
  :host {
    display: block;
    --token-row: 4.6rem;
    --request-row: 2.7rem;
    --state-row: 2.5rem;
    font-size: 0.75rem;
    line-height: 1.2;
    color: var(--ink-soft);
  }
  :host([hidden]) {
    display: none;
  }
  .field {
    position: relative;
    overflow: hidden;
    border: 1px solid var(--line);
    border-radius: var(--radius-small);
    background: var(--surface);
  }
  .row {
    position: relative;
    box-sizing: border-box;
    border-bottom: 1px solid var(--line);
  }
  .row:last-child {
    border-bottom: 0;
  }
  .row.tokens {
    height: var(--token-row);
  }
  .row.requests {
    height: var(--request-row);
  }
  .row.state {
    height: var(--state-row);
  }
  .strip {
    position: absolute;
    inset: 0;
    will-change: transform;
  }
  .strip .row {
    border-color: transparent;
  }
  .strip .row > * {
    position: absolute;
  }
  .labels,
  .veil,
  .now,
  .line {
    pointer-events: none;
  }
  .labels {
    position: relative;
  }
  .labels .row span {
    position: absolute;
    top: 0.3rem;
    left: 0.5rem;
    padding-inline: 0.2rem;
    font-weight: 600;
    color: var(--ink);
    background: color-mix(in srgb, var(--surface) 82%, transparent);
    border-radius: 3px;
    white-space: nowrap;
  }
  .ahead {
    position: absolute;
    inset-block: 0;
    right: 0;
    background: color-mix(in srgb, var(--sunken) 55%, var(--surface));
  }
  .line {
    position: absolute;
    inset-block: 0;
    width: 1px;
    background: var(--line);
  }
  .veil {
    position: absolute;
    inset-block: 0;
    right: 0;
    background: color-mix(in srgb, var(--sunken) 55%, transparent);
  }
  .now {
    position: absolute;
    inset-block: 0;
    width: 2px;
    margin-left: -1px;
    background: var(--ink);
  }
  .axis {
    position: relative;
    height: 1.35rem;
    overflow: hidden;
    font-variant-numeric: tabular-nums;
  }
  .axis span {
    position: absolute;
    top: 0.3rem;
    transform: translateX(-50%);
    white-space: nowrap;
  }
  .axis .is-now {
    font-weight: 700;
    color: var(--ink);
  }

  /* Tokens */
  .bar {
    bottom: 0.35rem;
    height: 1.35rem;
    box-sizing: border-box;
    border: 1px solid var(--hue);
    border-left-width: 4px;
    border-radius: 5px;
    overflow: hidden;
    color: var(--ink);
    background: color-mix(in srgb, var(--hue) 24%, var(--surface));
  }
  .bar.upper {
    bottom: 1.9rem;
  }
  .bar .rest {
    position: absolute;
    inset-block: 0;
    right: 0;
    background:
      repeating-linear-gradient(
        -45deg,
        transparent 0 4px,
        color-mix(in srgb, var(--hue) 30%, transparent) 4px 5px
      ),
      var(--surface);
  }
  .bar.refused .rest {
    border-left: 2px solid var(--bad);
  }
  .bar .reason {
    display: block;
    box-sizing: border-box;
    padding-left: 0.35rem;
    line-height: calc(1.35rem - 2px);
    overflow: hidden;
    white-space: nowrap;
  }
  .failure {
    top: 0.35rem;
    width: 0.7rem;
    height: 0.7rem;
    margin-left: -0.35rem;
    rotate: 45deg;
    background: var(--bad);
    outline: 2px solid var(--surface);
  }

  /* Requests */
  .tick {
    bottom: 0.4rem;
    width: 3px;
    height: 0.7rem;
    margin-left: -1.5px;
    border-radius: 1.5px;
    background: var(--good);
  }
  .tick.refused,
  .tick.failed,
  .tick.unanswered {
    width: 5px;
    height: 1.05rem;
    margin-left: -2.5px;
    background: var(--bad);
  }
  .tick.failed {
    background: var(--warn);
  }
  .tick.unanswered {
    background: transparent;
    box-sizing: border-box;
    border: 1.5px solid var(--bad);
  }
  .tick b {
    position: absolute;
    bottom: 100%;
    left: 50%;
    translate: -50% 0;
    padding: 0 0.15rem;
    font-weight: 600;
    font-variant-numeric: tabular-nums;
    color: var(--ink);
    background: var(--surface);
    border-radius: 3px;
  }

  /* States */
  .span {
    bottom: 0.4rem;
    height: 0.6rem;
    background: var(--good);
  }
  .span.idle {
    background: var(--line-strong);
    opacity: 0.6;
  }
  .span.warn {
    height: 1.05rem;
    background: var(--warn);
  }
  .span.bad {
    height: 1.05rem;
    background: var(--bad);
  }
  .flag {
    bottom: 1.15rem;
    padding: 0 0.25rem;
    border-left: 2px solid var(--ink-soft);
    color: var(--ink);
    white-space: nowrap;
  }

  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 0.3rem 1rem;
    margin: 0.6rem 0 0;
    padding: 0;
    list-style: none;
  }
  .legend li {
    display: inline-flex;
    align-items: center;
    gap: 0.35rem;
  }
  .legend .bar,
  .legend .tick,
  .legend .failure {
    position: static;
    margin: 0;
  }
  .legend .bar {
    width: 1.2rem;
    height: 0.8rem;
    border-radius: 3px;
  }
  .legend .failure {
    outline: none;
    scale: 0.8;
  }
`;
