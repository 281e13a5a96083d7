import type { ReactiveControllerHost } from 'lit';
import type { MuteChange } from '../capture/capture.js';
import type { DeviceChange } from '../capture/capture-request.js';
import type { RecordingOptions, RecordingStatus } from '../composition/chunk-recorder.js';
import type { WebcasterOptions } from '../element/webcaster-options.js';

/** The element, as far as its controls need it. */
export interface ControlsHost
  extends
    HTMLElement,
    Pick<ReactiveControllerHost, 'requestUpdate' | 'updateComplete'>,
    Readonly<Pick<WebcasterOptions, 'capture' | 'video' | 'audio' | 'mediaStream'>> {
  layout?: WebcasterOptions['layout'];
  inset?: WebcasterOptions['inset'];
  readonly recording: RecordingStatus | null;
  readonly renderRoot: HTMLElement | DocumentFragment;
  check(): Promise<unknown>;
  startPreview(): Promise<void>;
  stopPreview(): Promise<void>;
  startBroadcast(): Promise<void>;
  stopBroadcast(options?: { keepPreview?: boolean }): Promise<void>;
  setMuted(change: MuteChange): Promise<void>;
  switchDevice(change: DeviceChange): Promise<void>;
  startRecording(options?: RecordingOptions): Promise<void>;
  stopRecording(): Promise<Blob | null>;
}
