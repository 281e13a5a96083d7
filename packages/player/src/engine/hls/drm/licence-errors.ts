import { GatecastError } from '@gatecast/token';
import type { HlsFailure } from '../read-hls-error.js';

/** What failed, what to do, and the code. */
type Explanation = readonly [code: 'media-failed' | 'source-failed', message: string, hint: string];

/** Members of `drm` by the KEYFORMAT of a playlist. */
const MEMBERS: Readonly<Record<string, string>> = {
  'urn:uuid:edef8ba9-79d6-4ace-a3c8-27dcd51d21ed': 'widevine',
  'com.microsoft.playready': 'playready',
  'com.apple.streamingkeydelivery': 'fairplay',
  'org.w3.clearkey': 'clearkey',
};

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
  { details, error, response, frag }: HlsFailure,
  hasServers: boolean,
  isSecure: boolean,
): GatecastError {
  // The code of licences could not be loaded, for example.
  if (error instanceof GatecastError) return error;
  const cause = error;
  if (!hasServers || isWithoutServer(details, error?.message))
    return missingServer(Object.keys(frag?.levelkeys ?? {}), cause);
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
    ? (['source-failed', 'The licence has ended and was not renewed', SERVER_LOG] as const)
    : (EXPLANATIONS[details] ?? ['source-failed', `The stream cannot be decrypted (${details})`, SERVER_LOG]);
  const status = response?.code === 0 ? undefined : response?.code;
  return new GatecastError(code, `${message}${status ? ` (HTTP ${String(status)})` : ''}.`, {
    hint,
    retryable: isExpired || (details.endsWith('RequestFailed') && isPassing(status)),
    status,
    cause,
  });
}

/** None of the page's licence servers is for the key systems of the stream that this browser has. */
function isWithoutServer(details: string, message = ''): boolean {
  return (
    details === 'keySystemNoConfiguredLicense' ||
    /^no license server URL|frag\.decryptdata|emeEnabled/.test(message)
  );
}

/** @param formats - values of KEYFORMAT, from the playlist. */
function missingServer(formats: readonly string[], cause: Error | undefined): GatecastError {
  const members = formats.flatMap((format) => MEMBERS[format.toLowerCase()] ?? []);
  const names = members.length > 0 ? ` for ${members.join(' or ')}` : '';
  return new GatecastError(
    'option-invalid',
    `The stream is encrypted${names}, and no licence server is set for it.`,
    {
      hint: 'Set the property drm, such as drm = { widevine: { licenseUrl }, fairplay: { licenseUrl, certificateUrl } }.',
      cause,
    },
  );
}

function isPassing(status: number | undefined): boolean {
  return !status || status >= 500 || [408, 425, 429].includes(status);
}
