import type { MediaLoader } from './media-loader.js';
import { hasVariable, isHttp, readTagLines, uriOf, type TagAttributes } from './read-tag-lines.js';

/** Streams change keys; the first ones tell what is wrong. */
const MOST_KEYS = 4;
const KEY_BYTES = 16;

/** The systems whose formats hls.js knows. */
const SYSTEMS: readonly (readonly [format: RegExp, name: string])[] = [
  [/^com\.apple\.streamingkeydelivery$/i, 'FairPlay'],
  [/^urn:uuid:edef8ba9-79d6-4ace-a3c8-27dcd51d21ed$/i, 'Widevine'],
  [/^(?:com\.microsoft\.playready|urn:uuid:9a04f079-9840-4286-ab92-e65be0885f95)$/i, 'PlayReady'],
];

/** Loads the keys that a playlist names. No finding has a byte of them. */
export async function checkKeys(
  loader: MediaLoader,
  text: string,
  base: string,
  tagName: 'EXT-X-KEY' | 'EXT-X-SESSION-KEY',
): Promise<void> {
  const seen = new Set<string>();
  for (const tag of readTagLines(text, tagName, 64)) {
    if (tag.get('METHOD') === 'NONE') continue;
    const url = uriOf(tag, base);
    // The player knows the value of a variable.
    if (hasVariable(tag)) continue;
    if (url === null) {
      loader
        .at('playlist', base)
        .fault(`${tagName} has no URI, or one that is not a URL.`, 'Write the address of the key into URI.');
      return;
    }
    if (seen.has(url)) continue;
    seen.add(url);
    if (seen.size > MOST_KEYS) return;
    await checkKey(loader, tag, url);
  }
}

async function checkKey(loader: MediaLoader, tag: TagAttributes, url: string): Promise<void> {
  const format = tag.get('KEYFORMAT') ?? 'identity';
  if (format !== 'identity') {
    const system = SYSTEMS.find(([pattern]) => pattern.test(format))?.[1] ?? 'a DRM system';
    if (isHttp(url)) await checkLicence(loader, system, url);
    else
      // The address of FairPlay and the data of Widevine are not for requests.
      loader
        .at('key', url.slice(0, url.indexOf(':') + 1))
        .ok(
          `is for ${system}. The page names its licence server in hlsConfig.drmSystems, which the doctor does not see.`,
        );
    return;
  }
  if (!isHttp(url)) {
    loader
      .at('key', url.slice(0, url.indexOf(':') + 1))
      .fault(
        'The key is not at an http(s) address, and has no KEYFORMAT.',
        'Write an https address, or the KEYFORMAT of the DRM system.',
      );
    return;
  }
  const got = await loader.get('key', url, 4_096);
  if (!got) return;
  const { length } = got.visit.bytes;
  const findings = loader.at('key', url);
  if (length === KEY_BYTES) findings.ok('loads, 16 bytes');
  else
    findings.fault(
      `The key has ${String(length)} bytes, and ${tag.get('METHOD') === 'SAMPLE-AES' ? 'SAMPLE-AES' : 'AES-128'} needs 16.`,
      'Send the key as 16 raw bytes: not in hexadecimal, base64 or JSON, and not a sign-in page.',
    );
}

/** A licence server expects a challenge, which only a browser can make: what counts is that it responds and accepts the token. */
async function checkLicence(loader: MediaLoader, system: string, url: string): Promise<void> {
  const got = await loader.get('licence server', url, 4_096, {}, [400, 405, 411, 415, 422]);
  if (!got) return;
  loader
    .at('licence server', url)
    .ok(`of ${system} responds with HTTP ${String(got.visit.status)}. The doctor sends no challenge.`);
}
