import { redactUrl } from '@gatecast/token';
import { looksRandom } from './looks-random.js';

/** What the doctor found at one step of the chain. */
export interface DoctorFinding {
  /** `fault`: it fails here. `warning`: it works, but not for everybody or not always. `skipped`: a part was not checked. */
  readonly level: 'ok' | 'warning' | 'fault' | 'skipped';
  /** Step of the chain and address, without query and token. Of parts of the path that look random, the first characters only. */
  readonly where: string;
  /** What was found, as a sentence. */
  readonly what: string;
  /** What to change. */
  readonly change?: string;
}

/** What was found, and what to change. */
export type Explained = Required<Pick<DoctorFinding, 'what' | 'change'>>;

/** An address without its secrets. Some ingests and CDNs have a key or a signature in the path. */
function shownUrl(url: string): string {
  return redactUrl(url)
    .split('/')
    .map((part, at) => (at > 2 && looksRandom(part) && !hasExtension(part) ? `${part.slice(0, 4)}…` : part))
    .join('/');
}

function hasExtension(part: string): boolean {
  return /\.[a-z][a-z\d]{1,4}$/i.test(part);
}

/** Collects the findings of one step. */
export class Findings {
  readonly #list: DoctorFinding[];
  readonly #where: string;
  readonly #onFault: () => void;

  /** @param onFault - called for each fault, also for one that is named already. */
  constructor(list: DoctorFinding[], step: string, url: string, onFault: () => void = () => undefined) {
    this.#list = list;
    this.#where = `${step}, ${shownUrl(url)}`;
    this.#onFault = onFault;
  }

  ok(what: string): void {
    this.#add({ level: 'ok', where: this.#where, what });
  }

  warning(what: string, change: string): void {
    this.#add({ level: 'warning', where: this.#where, what, change });
  }

  /** A part that should have been checked was not, so that the check is not complete. */
  skipped(what: string, change: string): void {
    this.#add({ level: 'skipped', where: this.#where, what, change });
  }

  fault(what: string, change: string): void {
    this.#onFault();
    this.#add({ level: 'fault', where: this.#where, what, change });
  }

  /** Several pages, entries and segments have the same fault: it is named once for each address. */
  #add(finding: DoctorFinding): void {
    const isKnown = this.#list.some(({ where, what }) => where === finding.where && what === finding.what);
    if (!isKnown) this.#list.push(finding);
  }
}

/** A value of a response that may be shown: short, and of characters that no token needs more than a few of. */
export function shortName(value: unknown): string | null {
  return typeof value === 'string' && /^[\w /.+;=-]{1,60}$/.test(value) ? value : null;
}
