import { type TemplateResult, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { styleMap } from 'lit/directives/style-map.js';
import { describeReason, labelReason } from './record/describe-reason.js';
import { type LaneView, percentAt, percentOf } from './time-window.js';
import type { TimelineRecord, TokenSpan } from './record/timeline-record.js';

/** The tokens of one stream as bars from their birth to their end; each overlaps the one before. */
export function renderTokenLane(record: TimelineRecord, stream: string, view: LaneView): TemplateResult {
  const oldestMs = view.nowMs - view.window.pastMs * 1.2;
  const failures = record.tokenFailures.filter(
    (failure) => failure.stream === stream && failure.atMs > oldestMs,
  );
  const isInView = (token: TokenSpan): boolean =>
    (token.expiresAtMs ?? token.replacedAtMs ?? Infinity) > oldestMs;
  return html`<div class="row tokens">
    ${repeat(
      record.tokens.filter((token) => token.stream === stream && isInView(token)),
      ({ ordinal }) => ordinal,
      (token) => renderBar(token, view),
    )}
    ${failures.map(
      ({ atMs, message }) =>
        html`<span
          class="failure"
          title=${message}
          style=${styleMap({ left: `${percentAt(atMs, view.epochMs, view.window)}%` })}
        ></span>`,
    )}
  </div>`;
}

function renderBar(token: TokenSpan, { epochMs, nowMs, window }: LaneView): TemplateResult {
  // Without a known end a token is drawn as far as the window may ever reach.
  const endAtMs = token.expiresAtMs ?? token.replacedAtMs ?? nowMs + window.futureMs * 3;
  const lifeMs = Math.max(0, endAtMs - token.startAtMs);
  const usedMs = Math.min(lifeMs, (token.replacedAtMs ?? Infinity) - token.startAtMs);
  return html`<div
    class="bar ${token.reason} ${token.isRefused ? 'refused' : ''} ${token.ordinal % 2 === 0 ? 'upper' : ''}"
    title=${describeToken(token)}
    style=${styleMap({
      left: `${percentAt(token.startAtMs, epochMs, window)}%`,
      width: `${percentOf(lifeMs, window)}%`,
    })}
  >
    ${
      usedMs < lifeMs
        ? html`<span class="rest" style=${styleMap({ left: `${(usedMs / lifeMs) * 100}%` })}></span>`
        : nothing
    }
    <span class="reason" style=${styleMap({ 'max-width': `${(usedMs / lifeMs) * 100}%` })}
      >${labelReason(token.reason)}</span
    >
  </div>`;
}

function describeToken({ stream, reason, startAtMs, expiresAtMs }: TokenSpan): string {
  const life =
    expiresAtMs === null ? 'end unknown' : `lives ${Math.round((expiresAtMs - startAtMs) / 1000)} s`;
  return `${stream}: ${describeReason(reason)}, ${life}`;
}
