import {
  checkOptions,
  parsePlacement,
  wrongOption as invalid,
  type OptionKind,
  type OptionRule,
  type Placement,
} from '@gatecast/token';
import type { DRMSystemsConfiguration, HlsConfig } from 'hls.js';
import type { DrmOptions, DrmServer } from './drm-options.js';

/** Names of the key systems for browsers (Encrypted Media Extensions). */
const KEY_SYSTEMS = {
  widevine: 'com.widevine.alpha',
  playready: 'com.microsoft.playready',
  fairplay: 'com.apple.fps',
  clearkey: 'org.w3.clearkey',
} as const satisfies Partial<Record<keyof DrmOptions, string>>;

type SystemName = keyof typeof KEY_SYSTEMS;

const SYSTEM_NAMES = Object.keys(KEY_SYSTEMS) as SystemName[];
const SERVER_RULE: OptionRule = [
  (value) => typeof value === 'string' || (typeof value === 'object' && value !== null),
  'an address, or an object with "licenseUrl"',
];
const DRM_RULES = {
  ...{ widevine: SERVER_RULE, playready: SERVER_RULE, fairplay: SERVER_RULE, clearkey: SERVER_RULE },
  placement: 'text',
} satisfies Record<keyof DrmOptions, OptionKind | OptionRule>;
const SERVER_RULES = {
  licenseUrl: 'text',
  certificateUrl: 'text',
  headers: [(value) => typeof value === 'object' && value !== null, 'an object of names and texts'],
} satisfies Record<keyof DrmServer, OptionKind | OptionRule>;

/** The property `drm`, as it is used. */
export interface CheckedDrm {
  readonly systems: DRMSystemsConfiguration;
  /** Headers by the address of the licences or of the certificate. */
  readonly headers: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** `null`: that of the element. */
  readonly placement: Placement | null;
}

/** @throws GatecastError `option-invalid`, which names the property. */
export function readDrm(drm: DrmOptions | null, baseUrl: string): CheckedDrm | null {
  if (drm === null) return null;
  if (typeof drm !== 'object')
    throw invalid('drm is not an object.', 'Set drm to { widevine: { licenseUrl } }.');
  checkOptions('drm', drm, DRM_RULES);
  const systems: Record<string, NonNullable<DRMSystemsConfiguration[keyof DRMSystemsConfiguration]>> = {};
  const headers = new Map<string, Readonly<Record<string, string>>>();
  for (const name of SYSTEM_NAMES) {
    const given = drm[name];
    if (given === undefined) continue;
    const server = readServer(name, typeof given === 'string' ? { licenseUrl: given } : given, baseUrl);
    const { licenseUrl, certificateUrl } = server;
    systems[KEY_SYSTEMS[name]] = {
      licenseUrl,
      ...(certificateUrl !== undefined && { serverCertificateUrl: certificateUrl }),
    };
    for (const url of [licenseUrl, certificateUrl])
      if (url && server.headers) headers.set(url, server.headers);
  }
  if (Object.keys(systems).length === 0)
    throw invalid(
      'drm names no licence server.',
      `Set drm.${SYSTEM_NAMES.join(', drm.')}, as far as you have them.`,
    );
  return { systems, headers, placement: drm.placement === undefined ? null : readPlacement(drm.placement) };
}

/**
 * Adds the licence servers of `drm` to the options of hls.js. `hlsConfig.drmSystems` without `emeEnabled` is switched on: hls.js
 * would ignore it.
 *
 * @throws GatecastError `option-invalid` if both name licence servers, or `hlsConfig` switches them off.
 */
export function withDrm(
  config: Readonly<Record<string, unknown>>,
  drm: CheckedDrm | null,
): Readonly<Record<string, unknown>> {
  const { emeEnabled, drmSystems, widevineLicenseUrl } = config as Partial<HlsConfig>;
  const hasSystems = Object.keys(drmSystems ?? {}).length > 0 || Boolean(widevineLicenseUrl);
  if (!drm) return hasSystems && emeEnabled === undefined ? { ...config, emeEnabled: true } : config;
  if (hasSystems)
    throw invalid(
      'Both drm and hlsConfig name licence servers.',
      'Remove hlsConfig.drmSystems and hlsConfig.widevineLicenseUrl, or drm.',
    );
  if (emeEnabled === false)
    throw invalid('hlsConfig.emeEnabled switches off what drm needs.', 'Remove hlsConfig.emeEnabled.');
  return { ...config, emeEnabled: true, drmSystems: drm.systems };
}

function readServer(name: SystemName, server: Partial<DrmServer>, baseUrl: string): DrmServer {
  const path = `drm.${name}`;
  checkOptions(path, server, SERVER_RULES);
  const { licenseUrl, certificateUrl, headers } = server;
  if (certificateUrl === undefined && name === 'fairplay')
    throw invalid('FairPlay needs the certificate of the licence server.', `Set ${path}.certificateUrl.`);
  return {
    licenseUrl: readAddress(`${path}.licenseUrl`, licenseUrl, baseUrl),
    ...(certificateUrl !== undefined && {
      certificateUrl: readAddress(`${path}.certificateUrl`, certificateUrl, baseUrl),
    }),
    ...(headers !== undefined && { headers: readHeaders(`${path}.headers`, headers) }),
  };
}

function readAddress(path: string, given: unknown, baseUrl: string): string {
  const url =
    typeof given === 'string' && given !== '' && URL.canParse(given, baseUrl) && new URL(given, baseUrl);
  if (!url || !/^https?:$/.test(url.protocol))
    throw invalid(`${path} is not an address.`, `Set ${path} to an address that begins with https:.`);
  return url.href;
}

function readHeaders(
  path: string,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  try {
    return Object.fromEntries(new Headers(given));
  } catch {
    // The error of the browser may contain a value.
    throw invalid(`${path} has no valid headers.`, `Set ${path} to an object of names and texts.`);
  }
}

function readPlacement(placement: unknown): Placement {
  try {
    return parsePlacement(String(placement));
  } catch {
    throw invalid(
      'drm.placement is not a placement.',
      'Write it like token-placement, such as header or query:token.',
    );
  }
}
