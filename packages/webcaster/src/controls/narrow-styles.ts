import { css } from 'lit';

/** Of controls that are as wide as a phone. */
export const narrowStyles = css`
  @container (max-width: 560px) {
    .sending {
      inset: 44px 8px auto;
      font-size: 12px;
    }
    .notice {
      inset: 42px 8px auto;
      padding-block: 4px;
      font-size: 13px;
    }
    .top,
    .bar {
      padding-inline: 10px;
      gap: 6px;
    }
    .top {
      padding-top: 8px;
    }
    .bar {
      padding-bottom: 8px;
    }
    /* Between the state and the buttons. */
    .panel {
      max-height: calc(100% - 42px - 54px);
    }
    .figures,
    .quality span:last-child {
      display: none;
    }
    .bar {
      gap: 4px;
    }
    .bar button {
      min-width: 38px;
      padding-inline: 9px;
    }
    /* Long labels have two lines. */
    .bar .primary {
      min-width: min-content;
      padding-inline: 10px;
      font-size: 13px;
      line-height: 1.15;
      white-space: normal;
      text-wrap: balance;
    }
    .menu,
    .details {
      inset-inline: 10px;
      width: auto;
    }
    .details {
      top: 42px;
    }
    /* There is no room for rows and the bars. */
    .check {
      inset: 8px;
      width: auto;
      max-height: none;
      gap: 4px;
      padding: 6px 12px;
    }
    .check > button {
      height: 36px;
      margin-bottom: 2px;
    }
    .check .verdict button {
      height: 32px;
      min-width: 32px;
    }
    .menu {
      grid-template-columns: repeat(2, minmax(0, 1fr));
      bottom: 54px;
      padding: 6px 10px;
    }
    .menu .actions {
      grid-column: 1 / -1;
    }
    .menu label {
      gap: 3px;
      line-height: 1.2;
    }
    .menu select {
      height: 34px;
    }
    .card {
      gap: 8px;
      padding: 10px 14px;
      font-size: 13px;
    }
    .card button {
      height: 36px;
    }
    .centre {
      padding: 44px 10px 64px;
    }
    /* There is no room for an error and the bars. */
    .controls[data-error] :is(.top, .bar) {
      visibility: hidden;
    }
    .controls[data-error] .centre {
      padding: 8px 10px;
    }
    .card {
      max-height: 100%;
      box-sizing: border-box;
      overflow: auto;
    }
  }
`;
