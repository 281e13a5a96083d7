import { errorText } from '@gatecast/element';
import { html, nothing, type TemplateResult } from 'lit';
import type { CheckItem, CheckName, CheckReport } from '../preflight/check-report.js';
import type { WebcasterMessages } from '../messages/message-tables.js';
import { iconButton } from './icon-button.js';
import { closeIcon } from './icons.js';

export interface CheckPanelModel {
  readonly checks: readonly CheckItem[];
  /** `null` while the check runs. */
  readonly report: CheckReport | null;
  readonly messages: WebcasterMessages;
  readonly onAgain: () => void;
  readonly onClose: () => void;
}

/** The button in the device menu that starts a check. */
export function checkButton(messages: WebcasterMessages, onClick: () => void): TemplateResult {
  return html`<button part="button check-button" type="button" @click=${onClick}>${messages.check}</button>`;
}

/** What the check has found: one verdict, and a row for each step. */
export function checkPanel(model: CheckPanelModel): TemplateResult {
  const { checks, report, messages, onAgain, onClose } = model;
  return html`<div
    class="panel check"
    part="check"
    role="group"
    tabindex="-1"
    aria-label=${messages.check}
    data-verdict=${report?.verdict ?? 'running'}
  >
    <div class="verdict">
      <strong role="status"
        >${verdictText(report, messages)}<span class="unseen">${reasonText(report, messages)}</span></strong
      >
      ${iconButton({ icon: closeIcon, label: messages.close, onClick: onClose })}
    </div>
    <ul tabindex="0" aria-label=${messages.check}>
      ${bySeverity(checks).map((item) => row(item, messages))}
    </ul>
    ${
      report && report.verdict !== 'ready'
        ? html`<button part="button" type="button" @click=${onAgain}>${messages.tryAgain}</button>`
        : nothing
    }
  </div>`;
}

/** What needs the user comes first, because a small panel has to be scrolled. */
function bySeverity(checks: readonly CheckItem[]): CheckItem[] {
  return (['failed', 'warning', 'skipped', 'passed'] as const).flatMap((result) =>
    checks.filter((item) => item.result === result && item.code !== 'not-used'),
  );
}

function verdictText(report: CheckReport | null, messages: WebcasterMessages): string {
  switch (report?.verdict) {
    case undefined:
      return messages.checkRunning;
    case 'ready':
      return isPartlyChecked(report) ? messages.checkReadyPartly : messages.checkReady;
    case 'warning':
      return messages.checkWarning;
    case 'failed':
      return messages.checkFailed;
  }
}

function isPartlyChecked({ checks }: CheckReport): boolean {
  return checks.some(({ result, code }) => result === 'skipped' && code !== 'not-used');
}

/** What decided the verdict, for those who hear the status and do not see the rows. */
function reasonText(report: CheckReport | null, messages: WebcasterMessages): string {
  const item = report?.checks.find(({ code }) => code === report.code);
  return item ? `: ${nameOf(item.name, messages)}: ${textOf(item, messages)}` : '';
}

function row(item: CheckItem, messages: WebcasterMessages): TemplateResult {
  return html`<li data-result=${item.result}>
    <b>${nameOf(item.name, messages)}</b> <span>${textOf(item, messages)}</span>
  </li>`;
}

function nameOf(name: CheckName, messages: WebcasterMessages): string {
  switch (name) {
    case 'camera':
      return messages.camera;
    case 'microphone':
      return messages.microphone;
    case 'encoder':
      return messages.checkEncoder;
    case 'token':
      return messages.checkToken;
    case 'ingest':
      return messages.checkIngest;
    case 'upload':
      return messages.checkUpload;
  }
}

/** A step that failed with an error has the text of that error. */
function textOf({ result, code }: CheckItem, messages: WebcasterMessages): string {
  if (result === 'passed') return messages.checkPassed;
  const own = (messages as Readonly<Record<string, string | undefined>>)[`check-${code}`];
  if (result === 'skipped') return own ?? messages.checkSkipped;
  return (
    own ?? errorText({ code: code as Parameters<typeof errorText>[0]['code'], reason: undefined }, messages)
  );
}
