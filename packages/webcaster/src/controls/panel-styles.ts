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
  .menu .actions button {
    flex: 1;
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
`;
