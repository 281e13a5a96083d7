import { LitElement, type TemplateResult, css, html } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';

export type EventTone = 'plain' | 'good' | 'warn' | 'bad';

interface ListedEvent {
  readonly id: number;
  readonly atMs: number;
  readonly text: string;
  readonly tone: EventTone;
}

const most = 200;
const clockFormat = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
});

/** What happened, newest first, one line each. */
@customElement('event-list')
export class EventList extends LitElement {
  static override styles = css`
    :host {
      display: block;
      overflow: auto;
      font-size: var(--small);
    }
    ol {
      margin: 0;
      padding: 0;
      list-style: none;
    }
    li {
      display: grid;
      grid-template-columns: 0.6rem auto 1fr;
      gap: 0.6rem;
      align-items: baseline;
      padding: 0.35rem 0.25rem;
      border-bottom: 1px solid var(--line);
    }
    li::before {
      content: '';
      width: 0.55rem;
      height: 0.55rem;
      border-radius: 50%;
      background: var(--line-strong);
    }
    .good::before {
      background: var(--good);
    }
    .warn::before {
      border-radius: 1px;
      rotate: 45deg;
      background: var(--warn);
    }
    .bad::before {
      border-radius: 1px;
      background: var(--bad);
    }
    time {
      font-variant-numeric: tabular-nums;
      color: var(--ink-soft);
    }
    span {
      overflow-wrap: anywhere;
    }
    p {
      margin: 0;
      color: var(--ink-soft);
    }
  `;

  @state() private items: readonly ListedEvent[] = [];
  #lastId = 0;

  add(text: string, tone: EventTone = 'plain', atMs = Date.now()): void {
    this.#lastId += 1;
    this.items = [{ id: this.#lastId, atMs, text, tone }, ...this.items].slice(0, most);
  }

  override render(): TemplateResult {
    if (this.items.length === 0) return html`<p>Nothing yet.</p>`;
    return html`<ol>
      ${repeat(
        this.items,
        ({ id }) => id,
        ({ atMs, text, tone }) =>
          html`<li class=${tone}>
            <time datetime=${new Date(atMs).toISOString()}>${clockFormat.format(atMs)}</time>
            <span>${text}</span>
          </li>`,
      )}
    </ol>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'event-list': EventList;
  }
}
