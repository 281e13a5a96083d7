/**
 * What must be there for an expectation to be checked:
 *
 * - `media`: the client plays from the local server;
 * - `vendor-api`: the client asks another service of the vendor, which only the double of the client finds locally;
 * - `network`: the client opens a connection, which its double does not;
 * - `command`: the client does something by itself, which its double does on request.
 */
export type Need = 'media' | 'vendor-api' | 'network' | 'command';

/** One thing that a client of the vendor does, checked on any object with the client's interface. */
export interface Expectation<Bench> {
  /** Behaviour, as in the title of a test. */
  readonly title: string;
  /** Versions of the real client in which it was seen. Empty: known from the vendor's documentation only. */
  readonly seen: readonly string[];
  /** Builds of the client for which it holds, as `buildOf` of the contract names them. @defaultValue all */
  readonly builds?: readonly string[];
  /** @defaultValue nothing */
  readonly needs?: readonly Need[];
  /** @throws ContractDifference when the client does something else. */
  readonly check: (bench: Bench) => Promise<void>;
}

export interface ExpectationResult {
  readonly title: string;
  readonly seen: readonly string[];
  readonly outcome: 'holds' | 'differs' | 'not-checked';
  /** What differs, or why it was not checked. */
  readonly detail: string;
}

/** The client does not do what is expected. Its message holds no values that may be secret. */
export class ContractDifference extends Error {}

/** @throws ContractDifference unless both values are the same as JSON. */
export function expectSame(what: string, actual: unknown, expected: unknown): void {
  const [found, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (found !== wanted) throw new ContractDifference(`${what}: expected ${wanted}, found ${found}`);
}

/** Checks one expectation, and never rejects. */
export async function checkExpectation<Bench>(
  { title, seen, check }: Expectation<Bench>,
  bench: Bench,
): Promise<ExpectationResult> {
  try {
    await check(bench);
    return { title, seen, outcome: 'holds', detail: '' };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { title, seen, outcome: 'differs', detail };
  }
}

const reasons: Readonly<Record<Need, string>> = {
  media: 'the client does not play from the local server',
  'vendor-api': 'it needs a service of the vendor',
  network: 'the double opens no connection',
  command: 'only the double does this on request',
};

/** Why an expectation is not checked; null if it is. */
export function reasonToSkip<Bench>(
  { builds, needs = [] }: Expectation<Bench>,
  build: string,
  has: (need: Need) => boolean,
): string | null {
  if (builds && !builds.includes(build)) return `it is about version ${builds.join(' and ')}`;
  const missing = needs.find((need) => !has(need));
  return missing === undefined ? null : reasons[missing];
}
