/** Options of hls.js that only its full build has. */
const FULL_BUILD_OPTION =
  /^(?:cmcd$|eme|drm|widevine|requestMedia|licen[cs]e|cert|serverCert|enable(?:WebVTT|IMSC|CEA|Interst)|interstitial|captions|cueHandler|useMediaCap|subtitle|audio[PST]|timelineC|iframe)/;

/** Do options of hls.js need its full build? Those that are off do not. */
export function optionsNeedFullBuild(hlsConfig: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(hlsConfig).some(([name, value]) => Boolean(value) && FULL_BUILD_OPTION.test(name));
}
