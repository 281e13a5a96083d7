/** One decoded value. */
export interface SecretRow {
  readonly name: string;
  readonly value: string;
  /** Explanation of the value; `''` if it needs none. */
  readonly words: string;
}

export interface SecretPart {
  readonly title: string;
  readonly rows: readonly SecretRow[];
}
