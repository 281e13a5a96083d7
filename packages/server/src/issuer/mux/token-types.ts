/** Claim `aud` of each type of token, as `@mux/mux-node` names the types. */
export const audiences = {
  video: 'v',
  thumbnail: 't',
  gif: 'g',
  storyboard: 's',
  drm_license: 'd',
} as const;

/** What a token of Mux opens. */
export type MuxTokenType = keyof typeof audiences;

/** Every {@link MuxTokenType}. */
export const muxTokenTypes = ['video', 'thumbnail', 'gif', 'storyboard', 'drm_license'] as const;
