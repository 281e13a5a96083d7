import { css } from 'lit';

export const tokenInspectorStyles = css`
  :host {
    display: block;
    font-size: var(--small);
  }
  label span {
    display: block;
    margin-bottom: 0.3rem;
    font-weight: 500;
  }
  textarea,
  input {
    box-sizing: border-box;
    width: 100%;
    padding: 0.5rem 0.7rem;
    font-family: var(--mono);
    font-size: 0.8125rem;
    color: var(--ink);
    background: var(--surface);
    border: 1px solid var(--line-strong);
    border-radius: var(--radius-small);
  }
  textarea {
    display: block;
    resize: vertical;
    overflow-wrap: anywhere;
  }
  input,
  button {
    min-height: 2.5rem;
  }
  ::placeholder {
    color: var(--ink-soft);
    opacity: 1;
  }
  :focus-visible {
    outline: none;
    box-shadow: var(--ring);
  }
  .keys {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 0.6rem;
    align-items: end;
    margin-top: 0.8rem;
  }
  button {
    padding: 0.4rem 0.95rem;
    font: inherit;
    font-weight: 600;
    color: var(--ink);
    background: var(--surface);
    border: 1px solid var(--line-strong);
    border-radius: var(--radius-small);
    cursor: pointer;
  }
  button:disabled {
    opacity: 0.55;
    cursor: default;
  }
  .check {
    margin: 0.8rem 0 0;
    padding: 0.5rem 0.8rem;
    border-radius: var(--radius-small);
  }
  .good {
    color: var(--good);
    background: var(--good-wash);
  }
  .bad {
    color: var(--bad);
    background: var(--bad-wash);
  }
  h3 {
    margin: 1rem 0 0.3rem;
    font-size: var(--small);
  }
  dl {
    margin: 0;
  }
  dl div {
    display: grid;
    grid-template-columns: 5.5rem minmax(0, 1fr);
    gap: 0.6rem;
    padding: 0.35rem 0;
    border-top: 1px solid var(--line);
  }
  dt {
    font-family: var(--mono);
    color: var(--ink-soft);
  }
  dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
  code {
    font-family: var(--mono);
  }
  dd span {
    display: block;
    color: var(--ink-soft);
  }
  @media (max-width: 30rem) {
    .keys {
      grid-template-columns: minmax(0, 1fr);
    }
  }
`;
