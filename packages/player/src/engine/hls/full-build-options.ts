/** Options of hls.js that only its full build has, by their first letters, and the property `drm`. */
const FULL_BUILD_OPTION =
  /^(?:cmcd$|eme|drm|wide|enable(?:We|I[Mn]|C)|inter|capt|cue|useM|sub|aud|timelineC|ifr)/;

/** Do options of hls.js need its full build? Those that are off do not. */
export function optionsNeedFullBuild(hlsConfig: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(hlsConfig).some(([name, value]) => Boolean(value) && FULL_BUILD_OPTION.test(name));
}
