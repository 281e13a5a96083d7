import { type TemplateResult, html } from 'lit';
import { describeReason, reasons } from './record/describe-reason.js';
import type { RequestOutcome } from './record/timeline-record.js';

const outcomes: readonly { readonly outcome: RequestOutcome; readonly words: string }[] = [
  { outcome: 'ok', words: 'answered' },
  { outcome: 'refused', words: 'refused (401, 403)' },
  { outcome: 'failed', words: 'other error' },
  { outcome: 'unanswered', words: 'no answer' },
];

/** What the shapes and colours of a timeline mean. */
export function renderTimelineLegend(): TemplateResult {
  return html`<ul class="legend" aria-label="Legend">
    ${reasons.map((reason) => html`<li><span class="bar ${reason}"></span>${describeReason(reason)}</li>`)}
    <li><span class="failure"></span>token request failed</li>
    ${outcomes.map(({ outcome, words }) => html`<li><span class="tick ${outcome}"></span>${words}</li>`)}
  </ul>`;
}
