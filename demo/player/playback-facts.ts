import type { SecurePlayer } from '@gatecast/player';
import { LitElement, type TemplateResult, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { describeDelay } from './describe-delay.js';
import { type Fact, statisticFacts } from '../shared/broadcast/describe-statistics.js';
import { summarizeRecord } from '../shared/record/summarize-record.js';
import { TimelineRecord } from '@gatecast/qa/internal/record/timeline-record';

const lookEveryMs = 500;

/** Shows state and figures of playback and tokens. */
@customElement('playback-facts')
export class PlaybackFacts extends LitElement {
  static override styles = css`
    :host {
      display: flex;
      flex-direction: column;
    }
    .state {
      display: flex;
      align-items: center;
      gap: 0.6rem;
      height: 2rem;
      margin: 0;
      font-size: 1.375rem;
      font-weight: 650;
      letter-spacing: -0.015em;
      white-space: nowrap;
    }
    .state::before {
      content: '';
      width: 0.75rem;
      height: 0.75rem;
      border-radius: 50%;
      background: var(--line-strong);
    }
    .playing::before {
      background: var(--good);
    }
    .stalled::before {
      background: var(--warn);
    }
    .failed::before {
      background: var(--bad);
    }
    .since {
      height: 1.4rem;
      margin: 0.1rem 0 0;
      font-size: var(--small);
      color: var(--ink-soft);
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    dl {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(7.75rem, 1fr));
      grid-auto-rows: 1fr;
      flex: 1;
      gap: 1px;
      margin: 1rem 0 0;
      border: 1px solid var(--line);
      border-radius: var(--radius-small);
      overflow: hidden;
    }
    div {
      display: grid;
      align-content: center;
      padding: 0.6rem 0.8rem;
      /* In the gaps: the last row may have room for more facts, and stays empty there. */
      box-shadow: 0 0 0 1px var(--line);
    }
    dt {
      font-size: var(--tiny);
      white-space: nowrap;
      color: var(--ink-soft);
    }
    dd {
      height: 1.6rem;
      margin: 0;
      font-size: 1.0625rem;
      font-weight: 600;
      font-variant-numeric: tabular-nums;
      white-space: nowrap;
      overflow: hidden;
      text-overflow: ellipsis;
    }
    .bad {
      color: var(--bad);
    }
  `;

  @property({ attribute: false }) player: SecurePlayer | null = null;
  @property({ attribute: false }) record = new TimelineRecord();
  /** Milliseconds from the tag's source to the first picture. */
  @property({ attribute: false }) firstPictureMs: number | null = null;

  #timer: ReturnType<typeof setInterval> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setInterval(() => {
      if (!document.hidden) this.requestUpdate();
    }, lookEveryMs);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  /** Other engines have none, and their diagnostics are not read twice a second. */
  #ofWebrtc(): readonly Fact[] {
    return this.player?.activeEngine === 'whep' ? statisticFacts(this.player.diagnostics()) : [];
  }

  override render(): TemplateResult {
    const { state, stateWord, since, ...record } = summarizeRecord(this.record, Date.now());
    const facts: readonly Fact[] = [
      ['Token time left', record.tokenEnd],
      ['Renewals', String(record.renewalCount)],
      ['Stalls', record.stalls, record.stallCount > 0],
      ['Refusals', record.refused, record.refusedCount > 0],
      ['Resolution', this.player?.videoHeight ? `${this.player.videoHeight}p` : '–'],
      ['Behind live', describeDelay(this.player, state)],
      ['Token failures', String(record.failures), record.failures > 0],
      ['First frame', this.firstPictureMs === null ? '–' : `${(this.firstPictureMs / 1000).toFixed(2)} s`],
      ...this.#ofWebrtc(),
    ];
    return html`<p class="state ${state}" role="status">${stateWord}</p>
      <p class="since">${since}</p>
      <dl>
        ${facts.map(
          ([term, value, isBad]) =>
            html`<div>
              <dt>${term}</dt>
              <dd class=${isBad ? 'bad' : ''}>${value}</dd>
            </div>`,
        )}
      </dl>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'playback-facts': PlaybackFacts;
  }
}
