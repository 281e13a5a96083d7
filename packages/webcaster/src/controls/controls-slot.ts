import { SecureErrorEvent } from '@gatecast/element';
import { nothing, type TemplateResult } from 'lit';
import type { Broadcaster } from '../broadcast/broadcaster.js';
import { loadError } from '../element/load-error.js';
import type { BroadcastControls } from './broadcast-controls.js';
import type { ControlsHost } from './controls-host.js';

/** The place of the controls in the element. Their code loads when the element shows them for the first time. */
export class ControlsSlot {
  readonly #host: ControlsHost;
  readonly #loadBroadcaster: () => Promise<Broadcaster>;
  #controls: BroadcastControls | null = null;
  /** The load in progress; `hide()` makes its result void. */
  #loading: symbol | null = null;

  constructor(host: ControlsHost, loadBroadcaster: () => Promise<Broadcaster>) {
    this.#host = host;
    this.#loadBroadcaster = loadBroadcaster;
  }

  async show(): Promise<void> {
    if (this.#controls || this.#loading) return;
    const loading = Symbol('load of the controls');
    this.#loading = loading;
    const isCurrent = () => this.#loading === loading;
    try {
      const [{ BroadcastControls }, broadcaster] = await Promise.all([
        import('./broadcast-controls.js'),
        this.#loadBroadcaster(),
      ]);
      if (!isCurrent()) return;
      this.#controls = new BroadcastControls(this.#host, broadcaster);
      this.#host.requestUpdate();
    } catch (cause) {
      this.#host.dispatchEvent(new SecureErrorEvent(loadError(cause)));
    } finally {
      if (isCurrent()) this.#loading = null;
    }
  }

  hide(): void {
    this.#loading = null;
    this.#controls?.remove();
    this.#controls = null;
  }

  render(): TemplateResult | typeof nothing {
    return this.#controls?.render() ?? nothing;
  }
}
