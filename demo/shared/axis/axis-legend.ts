import { type TemplateResult, html } from 'lit';
import { renewalReasons } from '@gatecast/qa/internal/record/renewal-reasons';
import { describeReason } from '../record/describe-reason.js';

/** Explains colours and lines. */
export function renderAxisLegend(): TemplateResult {
  return html`<ul class="legend" aria-label="Legend">
    ${renewalReasons.map((reason) => html`<li><span class="swatch ${reason}"></span>${describeReason(reason)}</li>`)}
    <li><span class="mark good"></span>succeeded</li>
    <li><span class="mark bad"></span>refused</li>
    <li><span class="mark warn"></span>other error or stall</li>
    <li><span class="dash bad"></span>fault set</li>
    <li><span class="dash good"></span>fault cleared</li>
    <li><span class="dash warn"></span>error reported</li>
    <li><span class="dash manual"></span>case result</li>
  </ul>`;
}
