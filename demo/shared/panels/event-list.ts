import { type TemplateResult, html } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { EventLog, EventTone } from '../record/event-log.js';
import { Panel } from './panel.js';

interface ListedEvent {
  readonly id: number;
  readonly atMs: number;
  readonly text: string;
  readonly tone: EventTone;
}

const mostEvents = 200;
const clockFormat = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
});

/** List of the events of a page, one line each, newest first. */
@customElement('event-list')
export class EventList extends Panel implements EventLog {
  override heading = 'Events';
  @state() private items: readonly ListedEvent[] = [];
  #lastId = 0;

  add(text: string, tone: EventTone = 'plain', atMs = Date.now()): void {
    this.#lastId += 1;
    this.items = [{ id: this.#lastId, atMs, text, tone }, ...this.items].slice(0, mostEvents);
  }

  protected override renderBody(): TemplateResult {
    return html`<div class="events" tabindex="0" role="group" aria-label="Events, newest first">
      ${this.items.length === 0 ? html`<p class="soft">No events yet.</p>` : this.#renderItems()}
    </div>`;
  }

  #renderItems(): TemplateResult {
    return html`<ol>
      ${repeat(
        this.items,
        ({ id }) => id,
        ({ atMs, text, tone }) =>
          html`<li class=${tone}>
            <time datetime=${new Date(atMs).toISOString()}>${clockFormat.format(atMs)}</time>
            <span><bdi>${text}</bdi></span>
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
