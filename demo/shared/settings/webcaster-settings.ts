import { type FaultTree, readFaultParameters, writeFaultParameters } from '../faults/fault-parameters.js';
import { webcasterFields } from './setting-fields.js';
import { writeTagHtml } from './tag-html.js';
import {
  type TagSettings,
  createTagSpec,
  readTagSettings,
  tagAttributes,
  writeTagSettings,
} from './tag-settings.js';

/** What the address of the studio page says. */
export interface StudioSettings extends TagSettings {
  /** Is a picture made by the page sent, in place of the camera's? */
  readonly hasTestPicture: boolean;
  readonly faults: FaultTree;
}

export const webcasterSpec = createTagSpec(webcasterFields, {
  defaultValues: { endpoint: '/whip/studio', 'token-url': '/api/tokens' },
  defaultFlags: ['controls'],
});

/** Reads the address; what it does not name is as the page has it by itself. */
export function readSettings(parameters: URLSearchParams): StudioSettings {
  return {
    ...readTagSettings(webcasterSpec, parameters),
    hasTestPicture: parameters.get('picture') === 'test',
    faults: readFaultParameters(parameters),
  };
}

/** The address for some settings: only what differs from the page's own choice. */
export function writeSettings(settings: StudioSettings): URLSearchParams {
  return new URLSearchParams([
    ...writeTagSettings(webcasterSpec, settings),
    ...(settings.hasTestPicture ? [['picture', 'test'] as [string, string]] : []),
    ...writeFaultParameters(settings.faults),
  ]);
}

/** The HTML that broadcasts what this page broadcasts, on any page. */
export function writeStudioHtml(settings: StudioSettings, origin: string): string {
  return writeTagHtml({
    tag: 'secure-webcaster',
    attributes: tagAttributes(webcasterSpec, settings),
    origin,
  });
}

/** The stream that is broadcast: as named, else the last part of the endpoint's path. */
export function streamOf({ values }: TagSettings): string {
  const named = values['stream'] ?? '';
  if (named !== '') return named;
  return (values['endpoint'] ?? '').split(/[?#]/)[0]?.split('/').findLast(Boolean) ?? '';
}
