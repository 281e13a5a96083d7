/** Red, green and blue of the colours of 47 CFR 79.103. */
const COLORS = {
  white: '255 255 255',
  black: '0 0 0',
  red: '255 0 0',
  green: '0 255 0',
  blue: '0 0 255',
  yellow: '255 255 0',
  magenta: '255 0 255',
  cyan: '0 255 255',
} as const;

type CaptionColor = keyof typeof COLORS;

const COLOR_NAMES = Object.keys(COLORS) as CaptionColor[];

/** What viewers can choose. Sizes are percent of the browser’s own size, opacities percent. */
export const CAPTION_CHOICES = {
  size: ['50', '75', '100', '150', '200'],
  color: COLOR_NAMES,
  background: COLOR_NAMES,
  opacity: ['0', '25', '50', '75', '100'],
  edge: ['none', 'raised', 'depressed', 'outline', 'shadow'],
} as const satisfies Record<string, readonly string[]>;

export type CaptionProperty = keyof typeof CAPTION_CHOICES;

/** What a viewer has chosen; the browser decides about the rest. */
export type CaptionStyle = {
  readonly [Property in CaptionProperty]?: (typeof CAPTION_CHOICES)[Property][number];
};

export const CAPTION_PROPERTIES = Object.keys(CAPTION_CHOICES) as CaptionProperty[];

/** A longer text was not written by this code. */
const LONGEST_TEXT = 500;

/** The style with another value of one property; a value that cannot be chosen removes it. */
export function withChoice(style: CaptionStyle, property: CaptionProperty, value: unknown): CaptionStyle {
  const entries = CAPTION_PROPERTIES.map((name) => [name, name === property ? value : style[name]] as const);
  return Object.fromEntries(
    entries.filter(([name, chosen]) => (CAPTION_CHOICES[name] as readonly unknown[]).includes(chosen)),
  );
}

/** Reads what {@link writeCaptionStyle} has written. Everything that cannot be chosen is left out. */
export function readCaptionStyle(text: string): CaptionStyle {
  let found: unknown = null;
  try {
    if (text.length <= LONGEST_TEXT) found = JSON.parse(text);
  } catch {
    // It is damaged.
  }
  if (typeof found !== 'object' || found === null) return {};
  const values = found as Partial<Record<CaptionProperty, unknown>>;
  return CAPTION_PROPERTIES.reduce<CaptionStyle>(
    (style, property) => withChoice(style, property, values[property]),
    {},
  );
}

export function writeCaptionStyle(style: CaptionStyle): string {
  return JSON.stringify(style);
}

/** The browsers’ own opacity of the background. */
const USUAL_OPACITY = '80';

/**
 * The declarations for a style, in the properties that WebVTT allows in `::cue`; empty without a choice.
 *
 * @param usualSizePx - the browser’s own size. Percentages in `::cue` mean another size in each engine, and WebKit applies
 * them twice.
 */
export function captionDeclarations(style: CaptionStyle, usualSizePx: number): string {
  const { size, color, background, opacity, edge } = style;
  const declarations: string[] = [];
  if (size) declarations.push(`font-size: ${String(Math.round(Number(size) * usualSizePx) / 100)}px`);
  if (color) declarations.push(`color: rgb(${COLORS[color]})`);
  if (background || opacity) {
    const alpha = opacity ?? USUAL_OPACITY;
    declarations.push(`background: rgb(${COLORS[background ?? 'black']} / ${alpha}%)`);
  }
  if (edge) declarations.push(`text-shadow: ${edgeShadow(edge, color ?? 'white')}`);
  return declarations.map((declaration) => `${declaration};`).join(' ');
}

/** Edges are dark; those of dark text are light, so that they can be seen. */
function edgeShadow(edge: NonNullable<CaptionStyle['edge']>, color: CaptionColor): string {
  const isDark = color === 'black' || color === 'blue';
  const [near, far] = isDark ? ['#eee', '#777'] : ['#111', '#bbb'];
  switch (edge) {
    case 'none':
      return 'none';
    case 'raised':
      return `0.03em 0.03em ${near}, 0.06em 0.06em ${near}, 0.09em 0.09em ${near}`;
    case 'depressed':
      return `0.05em 0.05em ${far}, 0 0.05em ${far}, -0.05em -0.05em ${near}, 0 -0.05em ${near}`;
    case 'outline':
      return ['-0.06em -0.06em', '0 -0.08em', '0.06em -0.06em', '0.08em 0']
        .concat('0.06em 0.06em', '0 0.08em', '-0.06em 0.06em', '-0.08em 0')
        .map((offset) => `${offset} 0.03em ${near}`)
        .join(', ');
    case 'shadow':
      return `0.08em 0.08em 0.1em ${near}, 0.08em 0.08em 0.15em ${near}, 0.1em 0.1em 0.2em ${near}`;
    default:
      return edge satisfies never;
  }
}
