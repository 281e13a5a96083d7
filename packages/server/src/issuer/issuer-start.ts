import { toBase64Url, toHex } from './bytes.js';

/** A secret file that the configuration refers to. */
export interface StartSecret {
  /** Path below the folder of the configuration. */
  readonly file: string;
  /** Makes a secret that backend and origin share. `null` if the value comes from the vendor: the file is then not written. */
  readonly make: (() => string) | null;
  /** Where the value comes from, or where it must also be set. */
  readonly where: string;
}

/** A value of the configuration that nobody but the user knows. */
export interface StartValue {
  /** Name of the option of the issuer. */
  readonly name: string;
  readonly where: string;
  /** @defaultValue none: the user must give it */
  readonly fallback?: string;
}

/** Addresses with the placeholder `{stream}`. */
export interface StartAddresses {
  /** Of the media. */
  readonly origin: string;
  /** Whole address of the first playlist. */
  readonly playlist: string;
  /** Path of its folder, with a slash at its end. */
  readonly folder: string;
}

/** What `gatecast init` asks and writes for an issuer of playback tokens. */
export interface IssuerStart {
  readonly title: string;
  /** Path of the first playlist, with `{stream}`. */
  readonly playlist: string;
  readonly values: readonly StartValue[];
  /** `null` if the issuer needs none, or keys of this server. */
  readonly secret: StartSecret | null;
  /** Options of the issuer, besides `type` and the values. */
  options(at: StartAddresses): Readonly<Record<string, unknown>>;
}

/** 32 random bytes as 64 hexadecimal digits. */
export function hexKey(): string {
  return toHex(randomBytes());
}

/** 32 random bytes in base64url. */
export function textKey(): string {
  return toBase64Url(randomBytes());
}

function randomBytes(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(32));
}
