import type { FaultTree } from '@gatecast/qa/internal/faults/fault-patch';
import { readFaultParameters, writeFaultParameters } from '../faults/fault-parameters.js';
import { webcasterFields } from './setting-fields.js';
import { writeTagHtml } from './tag-html.js';
import {
  type TagSettings,
  createTagSpec,
  readTagSettings,
  tagAttributes,
  writeTagSettings,
} from './tag-settings.js';

/** Settings in the URL of the studio page. */
export interface StudioSettings extends TagSettings {
  /** Whether the broadcast sends the test picture instead of the camera. */
  readonly hasTestPicture: boolean;
  readonly faults: FaultTree;
}

export const webcasterSpec = createTagSpec(webcasterFields, {
  defaultValues: { endpoint: '/whip/studio', 'token-url': '/api/tokens' },
  defaultFlags: ['controls'],
});

/** Reads the URL parameters. Missing parameters have the default values of the page. */
export function readSettings(parameters: URLSearchParams): StudioSettings {
  return {
    ...readTagSettings(webcasterSpec, parameters),
    hasTestPicture: parameters.get('picture') === 'test',
    faults: readFaultParameters(parameters),
  };
}

/** Returns the URL parameters of settings. Omits default values. */
export function writeSettings(settings: StudioSettings): URLSearchParams {
  return new URLSearchParams([
    ...writeTagSettings(webcasterSpec, settings),
    ...(settings.hasTestPicture ? [['picture', 'test'] as [string, string]] : []),
    ...writeFaultParameters(settings.faults),
  ]);
}

/** Writes HTML with the same broadcast settings for any page. */
export function writeStudioHtml(settings: StudioSettings, origin: string): string {
  return writeTagHtml({
    tag: 'secure-webcaster',
    attributes: tagAttributes(webcasterSpec, settings),
    origin,
  });
}

/** Returns the name of the stream: `stream` if set, otherwise the last part of the endpoint's path. */
export function streamOf({ values }: TagSettings): string {
  const named = values['stream'] ?? '';
  if (named !== '') return named;
  return (values['endpoint'] ?? '').split(/[?#]/)[0]?.split('/').findLast(Boolean) ?? '';
}
