import { SecureErrorEvent } from '@gatecast/element';
import { lazyPart } from '@gatecast/token';
import { nothing, type TemplateResult } from 'lit';
import type { Broadcaster } from '../broadcast/broadcaster.js';
import { broadcasterPart } from '../broadcast/broadcaster-part.js';
import { loadError } from '../element/load-error.js';
import type { BroadcastControls } from './broadcast-controls.js';
import type { ControlsHost } from './controls-host.js';

const controlsPart = lazyPart(
  'BroadcastControls',
  async () => (await import('./broadcast-controls.js')).BroadcastControls,
  { code: 'publisher-load-failed' },
);

/** The place of the controls in the element. Their code loads when the element shows them for the first time. */
export class ControlsSlot {
  readonly #host: ControlsHost;
  readonly #loadBroadcaster: () => Promise<Broadcaster>;
  #controls: BroadcastControls | null = null;
  /** The load in progress, which `hide()` ends. */
  #loading: AbortController | null = null;

  constructor(host: ControlsHost, loadBroadcaster: () => Promise<Broadcaster>) {
    this.#host = host;
    this.#loadBroadcaster = loadBroadcaster;
  }

  async show(): Promise<void> {
    if (this.#controls || this.#loading) return;
    const { signal } = (this.#loading = new AbortController());
    let isReported = false;
    const onFailure = (cause: unknown): void => {
      if (!isReported && !signal.aborted) this.#host.dispatchEvent(new SecureErrorEvent(loadError(cause)));
      isReported = true;
    };
    try {
      const request = { signal, onFailure };
      const [BroadcastControls] = await Promise.all([controlsPart(request), broadcasterPart(request)]);
      const broadcaster = await this.#loadBroadcaster();
      if (signal.aborted) return;
      this.#controls = new BroadcastControls(this.#host, broadcaster);
      this.#host.requestUpdate();
    } catch (cause) {
      onFailure(cause);
    } finally {
      if (!signal.aborted) this.#loading = null;
    }
  }

  hide(): void {
    this.#loading?.abort();
    this.#loading = null;
    this.#controls?.remove();
    this.#controls = null;
  }

  render(): TemplateResult | typeof nothing {
    return this.#controls?.render() ?? nothing;
  }
}
