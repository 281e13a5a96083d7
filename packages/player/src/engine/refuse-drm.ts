import { GatecastError } from '@gatecast/token';

/** For engines that request no licences themselves. @throws GatecastError `option-invalid` if the page has named licence servers. */
export function refuseDrm(engine: string, drm: object | null): void {
  if (drm === null) return;
  throw new GatecastError('option-invalid', `engine="${engine}" cannot use the property drm.`, {
    hint: 'Set engine to auto or hls, in a browser with Media Source Extensions, or remove drm.',
  });
}
