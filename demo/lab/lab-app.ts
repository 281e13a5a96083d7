import { TimeAxis } from '../shared/axis/time-axis.js';
import { TestPictureSwitch } from '../shared/broadcast/test-picture-switch.js';
import type { FaultController } from '../shared/faults/fault-controller.js';
import { FaultPanel } from '../shared/faults/fault-panel.js';
import { findElement } from '../shared/find-element.js';
import { TextPanel } from '../shared/panels/text-panel.js';
import type { EventLog } from '../shared/record/event-log.js';
import type { TimelineRecord } from '@gatecast/qa/internal/record/timeline-record';
import { ingestLane } from '@gatecast/qa/internal/record/watch-session';
import { applyPreset, streamsOf } from '../shared/settings/player-settings.js';
import { CaseQueue } from './case-queue.js';
import { CasePanel } from './cases/case-panel.js';
import type { QaCase } from '@gatecast/qa/internal/cases/qa-case';
import { writeReport } from './export-session.js';
import { requestToken } from './inspector/request-token.js';
import { TokenInspector } from './inspector/token-inspector.js';
import type { LabSession } from './lab-session.js';
import { broadcastStreamOf, writeLabHtml, writeLabSettings, writeVendorLink } from './lab-settings.js';
import { wireSessionExports } from './session-exports.js';
import { SettingForms } from './setting-forms.js';

export interface LabAppOptions {
  readonly session: LabSession;
  readonly record: TimelineRecord;
  readonly faults: FaultController;
  readonly events: EventLog;
  readonly signal: AbortSignal;
}

/** Parts of the lab that the first picture does not need: axis, forms, cases, faults and exports. */
export class LabApp {
  readonly #session: LabSession;
  readonly #record: TimelineRecord;
  readonly #events: EventLog;
  readonly #axis = findElement('axis', TimeAxis);
  readonly #panel = findElement('cases', CasePanel);
  readonly #faultPanel = findElement('faults', FaultPanel);
  readonly #embed = findElement('embed', TextPanel);
  readonly #forms: SettingForms;
  readonly #queue: CaseQueue;

  constructor({ session, record, faults, events, signal }: LabAppOptions) {
    this.#session = session;
    this.#record = record;
    this.#events = events;
    this.#faultPanel.faults = faults;
    this.#forms = new SettingForms({
      onPreset: (preset) => void session.play({ player: applyPreset(session.current.player, preset) }),
      onChange: () => void session.play(this.#forms.read(session.current)),
    });
    this.#queue = this.#createQueue();
    this.#axis.showWindow(record, session.current.player.windowSeconds, (windowSeconds) =>
      session.update({ player: { ...session.current.player, windowSeconds } }),
    );
    session.addEventListener('change', () => this.#showSettings(), { signal });
    session.addEventListener('play', () => this.#showPlay(), { signal });
    this.#wireExports();
    this.#showSettings();
    this.#showPlay();
    new TestPictureSwitch(session.webcaster, {
      isOn: session.current.hasTestPicture,
      onChange: (hasTestPicture) => session.update({ hasTestPicture }),
      signal,
    });
    addEventListener('pagehide', () => this.#leave(), { signal });
  }

  /** Runs the case in the URL, if there is one. */
  async runChosen(): Promise<void> {
    const { caseName } = this.#session.current;
    if (caseName !== '') await this.#queue.run([caseName]);
  }

  #createQueue(): CaseQueue {
    const { player, webcaster } = this.#session;
    return new CaseQueue({
      panel: this.#panel,
      prepare: (qaCase) => this.#prepareCase(qaCase),
      context: () => ({ player, webcaster, record: this.#record, faults: this.#session.driver }),
      onResult: ({ outcome, words }) =>
        this.#events.add(`Result: ${outcome}. ${words}`, outcome === 'failed' ? 'bad' : 'good'),
    });
  }

  async #prepareCase({ name, title, play: preset }: QaCase): Promise<void> {
    const { player } = this.#session.current;
    this.#events.add(`Case: ${title}`);
    await this.#session.play({
      caseName: name,
      ...(preset !== undefined && { player: applyPreset(player, preset) }),
    });
  }

  #showSettings(): void {
    const { current } = this.#session;
    this.#axis.streams = [...streamsOf(current.player), ingestLane(broadcastStreamOf(current))];
    this.#embed.refresh();
    findElement('vendor-link', HTMLAnchorElement).href = this.#vendorLink();
  }

  #showPlay(): void {
    this.#forms.fill(this.#session.current);
    const isBackend = this.#session.driver.kind === 'backend';
    this.#panel.hasFaultApi = isBackend;
    if (isBackend) return;
    this.#faultPanel.note = 'This backend has no fault API. The page simulates faults where possible.';
  }

  #vendorLink(): string {
    return writeVendorLink(this.#session.current, location.origin);
  }

  #wireExports(): void {
    this.#embed.read = () => writeLabHtml(this.#session.current, location.origin);
    this.#embed.moreCopies = [{ label: 'Copy vendor link', text: () => this.#vendorLink() }];
    findElement('report', TextPanel).read = () => this.#writeReport();
    wireSessionExports(this.#axis, this.#record);
    findElement('inspector', TokenInspector).request = () => this.#requestToken();
  }

  #requestToken(): Promise<string> {
    const { current, tokenUrl } = this.#session;
    const [stream = ''] = streamsOf(current.player);
    const isIncluded = current.player.values['token-credentials'] === 'include';
    const credentials = isIncluded ? 'include' : 'same-origin';
    return requestToken({ tokenUrl, stream, credentials }, globalThis.fetch.bind(globalThis));
  }

  async #writeReport(): Promise<string> {
    const { current, player, webcaster } = this.#session;
    return writeReport(this.#record, {
      settings: Object.fromEntries(writeLabSettings(current)),
      results: this.#panel.results,
      player: player.diagnostics(),
      webcaster: await webcaster.diagnostics(),
      userAgent: navigator.userAgent,
      atMs: Date.now(),
    });
  }

  // If the user leaves the page during a case, clear its faults: other pages use the same backend.
  #leave(): void {
    if (!this.#queue.isRunning) return;
    void this.#queue.run([]);
    // The case may be waiting for a response that never comes.
    void this.#session.driver.clear();
  }
}
