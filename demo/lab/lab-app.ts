import { applyPreset, streamsOf } from '../shared/settings/player-settings.js';
import { findElement } from '../shared/find-element.js';
import type { EventList } from '../shared/record/event-list.js';
import { TestPictureSwitch } from '../shared/broadcast/test-picture-switch.js';
import { TimeAxis } from '../shared/axis/time-axis.js';
import { CaseQueue } from './case-queue.js';
import { CasePanel } from './cases/case-panel.js';
import type { QaCase } from './cases/qa-case.js';
import { writeReport } from './export-session.js';
import type { TimelineRecord } from '../shared/record/timeline-record.js';
import type { LabSession } from './lab-session.js';
import { broadcastStreamOf, writeLabHtml, writeLabSettings, writeVendorLink } from './lab-settings.js';
import './inspector/token-inspector.js';
import { wireSessionExports } from './session-exports.js';
import { SettingForms } from './setting-forms.js';
import { ingestLane } from './watch-session.js';

export interface LabAppOptions {
  readonly session: LabSession;
  readonly record: TimelineRecord;
  readonly events: EventList;
  readonly signal: AbortSignal;
}

/** All of the lab that a picture can do without: its axis, forms and cases, and what it gives away. */
export class LabApp {
  readonly #session: LabSession;
  readonly #record: TimelineRecord;
  readonly #events: EventList;
  readonly #axis = findElement('axis', TimeAxis);
  readonly #panel = findElement('cases', CasePanel);
  readonly #forms: SettingForms;
  readonly #queue: CaseQueue;

  constructor({ session, record, events, signal }: LabAppOptions) {
    this.#session = session;
    this.#record = record;
    this.#events = events;
    this.#forms = new SettingForms({
      onPreset: (preset) =>
        void session.play({
          ...session.settings,
          player: applyPreset(session.settings.player, preset),
        }),
      onChange: () => void session.play(this.#forms.read(session.settings)),
    });
    this.#queue = this.#createQueue();
    this.#setUpAxis();
    session.addEventListener('settings', () => this.#showSettings(), { signal });
    session.addEventListener('play', () => this.#showPlay(), { signal });
    this.#showSettings();
    this.#showPlay();
    this.#wireExports();
    new TestPictureSwitch(session.webcaster, {
      isOn: session.settings.hasTestPicture,
      onChange: (hasTestPicture) => session.show({ ...session.settings, hasTestPicture }),
      signal,
    });
    addEventListener('pagehide', () => this.#leave(), { signal });
  }

  /** Runs the case that the address names. */
  async runChosen(): Promise<void> {
    const { caseName } = this.#session.settings;
    if (caseName !== '') await this.#queue.run([caseName]);
  }

  #setUpAxis(): void {
    const { settings } = this.#session;
    this.#axis.record = this.#record;
    this.#axis.broadcast = true;
    this.#axis.spanMs = settings.player.windowSeconds * 1500;
    this.#axis.addEventListener('span-change', () => {
      const { settings: current } = this.#session;
      const windowSeconds = Math.max(10, Math.min(1200, Math.round(this.#axis.spanMs / 1500)));
      this.#session.show({ ...current, player: { ...current.player, windowSeconds } });
    });
  }

  #createQueue(): CaseQueue {
    const { player, webcaster } = this.#session;
    return new CaseQueue({
      panel: this.#panel,
      prepare: (qaCase) => this.#prepareCase(qaCase),
      context: () => ({ player, webcaster, record: this.#record, faults: this.#session.driver }),
      onResult: ({ outcome, words }) =>
        this.#events.add(`Verdict: ${outcome}. ${words}`, outcome === 'failed' ? 'bad' : 'good'),
    });
  }

  async #prepareCase({ name, title, play: preset }: QaCase): Promise<void> {
    const { settings } = this.#session;
    const next = { ...settings, caseName: name };
    this.#events.add(`Case: ${title}`);
    await this.#session.play(
      preset === undefined ? next : { ...next, player: applyPreset(settings.player, preset) },
    );
  }

  #showSettings(): void {
    const { settings } = this.#session;
    this.#axis.streams = [...streamsOf(settings.player), ingestLane(broadcastStreamOf(settings))];
    findElement('embed', HTMLElement).textContent = this.#html();
    findElement('vendor-link', HTMLAnchorElement).href = this.#vendorLink();
  }

  #showPlay(): void {
    this.#forms.fill(this.#session.settings);
    const isBackend = this.#session.driver.kind === 'backend';
    this.#panel.hasFaultApi = isBackend;
    findElement('fault-reach', HTMLElement).textContent = isBackend
      ? 'These act on the demo’s backend, for every page that uses it.'
      : 'This backend has no fault switches: answers are replaced in this page, as far as that goes.';
  }

  #html(): string {
    return writeLabHtml(this.#session.settings, location.origin);
  }

  #vendorLink(): string {
    return writeVendorLink(this.#session.settings, location.origin);
  }

  #wireExports(): void {
    wireSessionExports({
      axis: this.#axis,
      record: this.#record,
      html: () => this.#html(),
      vendorLink: () => this.#vendorLink(),
      report: () => this.#takeReport(),
    });
  }

  async #takeReport(): Promise<string> {
    const { settings, player, webcaster } = this.#session;
    return writeReport(this.#record, {
      settings: Object.fromEntries(writeLabSettings(settings)),
      results: this.#panel.results,
      player: player.diagnostics(),
      webcaster: await webcaster.diagnostics(),
      userAgent: navigator.userAgent,
      atMs: Date.now(),
    });
  }

  // A case that is left half-way takes back what it broke: others use the backend too.
  #leave(): void {
    if (!this.#queue.isRunning) return;
    void this.#queue.run([]);
    // The case itself may wait for an answer that does not come any more.
    void this.#session.driver.clear();
  }
}
