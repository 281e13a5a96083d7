import type { SchemeRow } from './scheme-row.js';

/** A scheme as pages read it. */
export interface SchemeDescription extends Pick<SchemeRow, 'name' | 'label' | 'way'> {
  /** Address of the first playlist, with `{stream}`; `null` if the token names it. */
  readonly src: string | null;
  readonly tokenUrl: string;
  /** Attributes of the player besides `src`, `stream` and `token-url`. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Describes a scheme for pages. */
export function describeScheme({
  name,
  label,
  way,
  namesEntry,
  attributes,
  ...row
}: SchemeRow): SchemeDescription {
  const { entry = '{stream}/index.m3u8' } = row;
  return {
    ...{ name, label, way },
    src: namesEntry ? null : `/cdn/${name}/${entry}`,
    tokenUrl: `/api/schemes/${name}/tokens`,
    attributes: attributes ?? {},
  };
}
