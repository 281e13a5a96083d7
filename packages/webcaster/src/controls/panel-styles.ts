import { css } from 'lit';

/** Of what lies over the picture for a time: errors, the device menu and the details. */
export const panelStyles = css`
  .card,
  .panel {
    border: 1px solid var(--line);
    border-radius: 14px;
    background: var(--surface);
    color-scheme: dark;
    backdrop-filter: blur(14px);
    box-shadow: 0 12px 32px rgb(0 0 0 / 0.4);
  }
  .card {
    display: grid;
    gap: 14px;
    justify-items: center;
    max-width: 400px;
    padding: 20px 22px;
    text-align: center;
    text-wrap: balance;
  }
  .card p {
    margin: 0;
  }
  .card .actions {
    display: flex;
    gap: 8px;
  }
  .panel {
    position: absolute;
    z-index: 1;
    max-height: calc(100% - 92px);
    overflow: auto;
    box-sizing: border-box;
    padding: 14px 16px;
  }
  .sending {
    position: absolute;
    inset: 58px 16px auto;
    width: fit-content;
    margin: 0 auto;
    padding: 5px 11px;
    border-radius: 7px;
    background: var(--surface);
    font-size: 13px;
    text-align: center;
    pointer-events: none;
  }
  .notice {
    inset: 56px 16px auto;
    display: flex;
    align-items: center;
    gap: 10px;
    margin: 0 auto;
    padding-block: 8px;
    padding-inline: 14px 8px;
    max-width: 480px;
    /* Ends above the buttons. */
    max-height: calc(100% - 56px - 66px);
  }
  .menu {
    inset-inline-start: 16px;
    bottom: 76px;
    display: grid;
    gap: 12px;
    width: min(320px, calc(100% - 32px));
  }
  .menu .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .notice [part~='save-button'] {
    flex: none;
    border: 1px solid var(--line);
  }
  .menu .actions button {
    flex: 1;
    border: 1px solid var(--line);
    white-space: normal;
  }
  .menu > button {
    grid-column: 1 / -1;
    height: auto;
    min-height: 36px;
    border: 1px solid var(--line);
    white-space: normal;
  }
  .recording {
    background: #b3261e;
    color: #fff;
  }
  .recording::before {
    background: #fff;
  }
  .menu label {
    display: grid;
    gap: 5px;
    color: rgb(255 255 255 / 0.78);
    font-size: 13px;
  }
  select {
    width: 100%;
    height: 42px;
    padding: 0 10px;
    border: 1px solid var(--line);
    border-radius: 10px;
    background: #262b36;
    color: #fff;
    font-size: 14px;
  }
  .details {
    inset-inline-end: 16px;
    top: 56px;
  }
  .details dl {
    display: grid;
    grid-template-columns: auto auto;
    gap: 5px 18px;
    margin: 0;
    font-variant-numeric: tabular-nums;
  }
  .details dt {
    color: rgb(255 255 255 / 0.72);
  }
  .details dd {
    margin: 0;
    text-align: end;
  }
  /* The verdict and the button stay in sight: only the rows are scrolled. */
  .check {
    inset-inline-start: 16px;
    top: 56px;
    display: flex;
    flex-direction: column;
    gap: 10px;
    overflow: hidden;
    width: min(400px, calc(100% - 32px));
    /* Ends above the buttons. */
    max-height: calc(100% - 56px - 76px);
  }
  .verdict {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 8px;
  }
  .check > * {
    flex: none;
  }
  .check ul {
    flex: 0 1 auto;
    min-height: 0;
    overflow: auto;
    display: grid;
    gap: 6px;
    margin: 0;
    padding: 0;
    list-style: none;
    font-size: 13px;
  }
  /* A second line begins below the first one. */
  .check li {
    padding-inline-start: 1.4em;
  }
  .check li::before {
    content: '•';
    display: inline-block;
    /* With the space after it. */
    width: 1.1em;
    margin-inline-start: -1.4em;
    color: #9aa3b2;
  }
  .check li[data-result='passed']::before {
    content: '✓';
    color: #46c281;
  }
  .check li[data-result='warning']::before {
    content: '!';
    font-weight: 700;
    color: #f5b73d;
  }
  .check li[data-result='failed']::before {
    content: '✕';
    color: #ff7a7a;
  }
  .countdown {
    margin: 0;
    font-size: clamp(56px, 22cqmin, 160px);
    font-weight: 700;
    font-variant-numeric: tabular-nums;
    text-shadow: 0 2px 24px rgb(0 0 0 / 0.7);
  }
`;
