import { css } from 'lit';

export const casePanelStyles = css`
  :host {
    display: block;
    container-type: inline-size;
    font-size: var(--small);
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5rem;
    min-height: 2.5rem;
    margin-bottom: 0.75rem;
  }
  .head p {
    flex: 1 1 12rem;
    font-weight: 600;
  }
  ul {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    column-gap: 2rem;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  @container (max-width: 46rem) {
    ul {
      grid-template-columns: minmax(0, 1fr);
    }
  }
  li {
    display: flex;
    align-items: center;
    gap: 0.75rem;
    min-height: 4.6rem;
    padding-block: 0.55rem;
    border-top: 1px solid var(--line);
  }
  .words {
    flex: 1;
    min-width: 0;
  }
  h3,
  p {
    margin: 0;
  }
  h3 {
    font-size: 0.9375rem;
  }
  .words p {
    color: var(--ink-soft);
  }
  .words .verdict {
    color: var(--ink);
    overflow-wrap: anywhere;
  }
  button {
    min-height: 2.25rem;
    padding: 0.3rem 0.85rem;
    font: inherit;
    font-weight: 600;
    color: var(--ink);
    background: var(--surface);
    border: 1px solid var(--line-strong);
    border-radius: var(--radius-small);
    cursor: pointer;
  }
  button:hover:enabled {
    background: var(--sunken);
  }
  button:disabled {
    opacity: 0.5;
    cursor: default;
  }
  .primary {
    color: var(--on-accent);
    background: var(--accent);
    border-color: var(--accent);
  }
  .primary:hover:enabled {
    background: var(--accent-hover);
  }
  button:focus-visible {
    outline: none;
    box-shadow: var(--ring);
  }
  .badge {
    padding: 0.1rem 0.6rem;
    font-size: 0.8125rem;
    font-weight: 600;
    border-radius: 999px;
    color: var(--ink-soft);
    background: var(--sunken);
  }
  .passed .badge {
    color: var(--good);
    background: var(--good-wash);
  }
  .failed .badge {
    color: var(--bad);
    background: var(--bad-wash);
  }
  .running .badge {
    color: var(--accent);
    background: var(--accent-wash);
  }
  @media (pointer: coarse) {
    button {
      min-height: 2.75rem;
    }
  }
`;
