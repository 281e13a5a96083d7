import type { ReactiveControllerHost } from 'lit';
import type { MuteChange } from '../capture/capture.js';
import type { DeviceChange } from '../capture/capture-request.js';
import type { WebcasterOptions } from '../element/webcaster-options.js';

/** The element, as far as its controls need it. */
export interface ControlsHost
  extends
    HTMLElement,
    Pick<ReactiveControllerHost, 'requestUpdate' | 'updateComplete'>,
    Readonly<Pick<WebcasterOptions, 'capture' | 'video' | 'audio' | 'mediaStream'>> {
  readonly renderRoot: HTMLElement | DocumentFragment;
  startPreview(): Promise<void>;
  stopPreview(): Promise<void>;
  startBroadcast(): Promise<void>;
  stopBroadcast(options?: { keepPreview?: boolean }): Promise<void>;
  setMuted(change: MuteChange): Promise<void>;
  switchDevice(change: DeviceChange): Promise<void>;
}
