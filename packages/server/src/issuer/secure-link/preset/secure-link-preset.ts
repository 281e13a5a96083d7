/** What a token is made of. Times are NumericDate seconds. */
export interface LinkValues {
  /** The folder of the stream, decoded: `/live/demo/`. */
  readonly path: string;
  readonly startsAt: number;
  readonly expiresAt: number;
  /** Address of the viewer, for a server that checks it. */
  readonly ip?: string | undefined;
  /** Random text, for a server that wants one. */
  readonly salt: string;
  readonly secret: string;
}

/** What a token says. */
export interface ReadLink {
  readonly startsAt: number | undefined;
  readonly expiresAt: number | undefined;
  readonly salt?: string;
  /** For a reader, without the hash. */
  readonly fields: readonly (readonly [name: string, value: string | undefined])[];
  readonly warnings?: readonly string[];
}

/** Options that the formula of a server needs. */
export interface LinkFormula {
  readonly expression: string;
  readonly hashArgument: string;
  readonly expiresArgument: string;
  readonly algorithm: 'SHA-256' | 'SHA-384' | 'SHA-512';
  readonly prefix: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly writesStart: boolean;
}

type Pairs = readonly (readonly [name: string, value: string])[];

/** How one server writes its tokens. */
export interface SecureLinkPreset {
  /** As in the documentation of the server. */
  readonly title: string;
  /** Names of the query fields that carry the token. */
  fieldNames(formula: LinkFormula): readonly string[];
  /** The query fields of a token, as they stand in an address. */
  sign(values: LinkValues, formula: LinkFormula): Promise<Record<string, string>>;
  /** Reads the fields of a token; `null` for those of another scheme. */
  read(pairs: Pairs, formula: LinkFormula): ReadLink | null;
}

/** The path without its outer slashes, as servers name a stream: `live/demo`. */
export function streamPath(path: string): string {
  return path.replace(/^\/|\/$/g, '');
}
