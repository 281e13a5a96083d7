/** What the skin shows: all controls, a few over the picture, or a bar without picture. */
export const themes = ['default', 'minimal', 'audio'] as const;

export type Theme = (typeof themes)[number];

/** The theme of a value that a page has set; the default one for any other text. */
export function themeOf(value: string): Theme {
  return themes.find((theme) => theme === value) ?? 'default';
}
