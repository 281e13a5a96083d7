import { GatecastError } from '@gatecast/token';
import type { HlsFailure } from '../read-hls-error.js';

/** What failed, what to do, and the code. */
type Explanation = readonly [code: 'media-failed' | 'source-failed', message: string, hint: string];

const SERVER_LOG = 'Check the log of the licence server, and the address and headers in drm.';

/** By what hls.js 1.7 calls the failure. */
const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  keySystemLicenseRequestFailed: ['source-failed', 'The player got no licence', SERVER_LOG],
  keySystemServerCertificateRequestFailed: [
    'source-failed',
    'The player got no certificate of the licence server',
    'Check certificateUrl in drm.',
  ],
  keySystemServerCertificateUpdateFailed: [
    'source-failed',
    'The browser refuses the certificate of the licence server',
    'Check certificateUrl in drm: its response is the certificate itself (DER), not text.',
  ],
  keySystemSessionUpdateFailed: [
    'source-failed',
    'The browser refuses the licence',
    'Check that the licence server serves this key system and returns the licence itself, or change the response with hlsConfig.licenseResponseCallback.',
  ],
  keySystemNoSession: [
    'source-failed',
    'The browser cannot request a licence with the key data of the stream',
    'Check EXT-X-KEY in the playlist, and the pssh box in the initialization segment.',
  ],
  keySystemStatusOutputRestricted: [
    'media-failed',
    'The licence does not allow to play on this screen',
    'Connect a screen with HDCP, or add a rendition in a smaller size whose licence allows this one.',
  ],
  keySystemStatusInternalError: [
    'media-failed',
    'The browser cannot use the key of the licence',
    'Check that the licence has the keys of this stream. If other players have it, too, restart the browser.',
  ],
};

/**
 * Explains a failure with encrypted media of hls.js. Pure.
 *
 * @param hasServers - has the page named licence servers?
 * @param isSecure - is the page a secure context? Elsewhere browsers have no encrypted media.
 */
export function explainLicence(
  { details, error, response }: HlsFailure,
  hasServers: boolean,
  isSecure: boolean,
): GatecastError {
  const cause = error;
  if (!hasServers || details === 'keySystemNoConfiguredLicense')
    return new GatecastError(
      'option-invalid',
      'The stream is encrypted, and no licence server is set for it.',
      {
        hint: 'Set the property drm, such as drm = { widevine: { licenseUrl }, fairplay: { licenseUrl, certificateUrl } }.',
        cause,
      },
    );
  if (!isSecure)
    return new GatecastError('engine-unsupported', 'Browsers play encrypted streams on secure pages only.', {
      hint: 'Serve the page by https://, or from localhost.',
      cause,
    });
  if (details === 'keySystemNoAccess')
    return new GatecastError('engine-unsupported', 'This browser has none of the key systems in drm.', {
      hint: 'Add widevine (Chrome, Edge, Firefox), playready (Edge) or fairplay (Safari) to drm. The viewer may have to allow protected content in the settings of the browser.',
      cause,
    });
  const isExpired = error?.message.startsWith('key expired') ?? false;
  const [code, message, hint] = isExpired
    ? (['source-failed', 'The licence has ended, and there is no new one', SERVER_LOG] as const)
    : (EXPLANATIONS[details] ?? ['source-failed', `The stream cannot be decrypted (${details})`, SERVER_LOG]);
  const status = response?.code === 0 ? undefined : response?.code;
  return new GatecastError(code, `${message}${status ? ` (HTTP ${String(status)})` : ''}.`, {
    hint,
    retryable: isExpired || (details.endsWith('RequestFailed') && isPassing(status)),
    status,
    cause,
  });
}

function isPassing(status: number | undefined): boolean {
  return !status || status >= 500 || [408, 425, 429].includes(status);
}
