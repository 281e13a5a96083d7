import { redactText, redactUrl } from '@gatecast/token';
import { findKey } from './find-key.js';

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

const EXTENSION = /\.[a-z][a-z\d]{1,4}$/i;
/** The longest name that is shown. */
const LONGEST_SHOWN = 80;

/** Steps with an address of an ingest, or of something that may be one: keys are in its host name, too. */
const INGEST_STEPS = ['ingest', 'WHEP endpoint', 'webcaster', 'page', 'stream'];

/** An address without its secrets. Some ingests and CDNs have a key or a signature in the path. */
function shownUrl(url: string, step: string): string {
  const mayBeIngest = INGEST_STEPS.includes(step);
  return redactUrl(url)
    .split('/')
    .map((part, at) => {
      if (at < 3) return at === 2 && mayBeIngest ? shownHost(part) : part;
      const extension = EXTENSION.exec(part)?.[0] ?? '';
      return shownName(part.slice(0, part.length - extension.length)) + extension;
    })
    .join('/');
}

/** A host name of an ingest. */
export function shownHost(host: string): string {
  return host.replace(/[^.:]+/g, shownName);
}

/**
 * A name from outside, such as of a stream, for a message. Of what may be a key it has the first characters only, and 80
 * characters in all. Takes linear time.
 */
export function shownName(name: string): string {
  const at = findKey(name);
  const length = Math.min(at < 0 ? name.length : at + 4, LONGEST_SHOWN);
  return length < name.length ? beginning(name, length) : name;
}

/** A text for a message, with the name of a stream in it as {@link shownName} writes it. */
export function withShownName(text: string, name: string): string {
  return redactText(text.replaceAll(name, () => shownName(name)));
}

function beginning(text: string, length: number): string {
  return `${text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** Collects the findings of one step. */
export class Findings {
  readonly #list: DoctorFinding[];
  readonly #where: string;
  readonly #onFault: () => void;

  /** @param onFault - called for each fault, also for one that is named already. */
  constructor(list: DoctorFinding[], step: string, url: string, onFault: () => void = () => undefined) {
    this.#list = list;
    this.#where = `${step}, ${shownUrl(url, step)}`;
    this.#onFault = onFault;
  }

  ok(what: string): void {
    this.#add('ok', what);
  }

  warning(what: string, change: string): void {
    this.#add('warning', what, change);
  }

  /** A part that should have been checked was not, so that the check is not complete. */
  skipped(what: string, change: string): void {
    this.#add('skipped', what, change);
  }

  fault(what: string, change: string): void {
    this.#onFault();
    this.#add('fault', what, change);
  }

  /** Several pages, entries and segments have the same fault: it is named once for each address. */
  #add(level: DoctorFinding['level'], what: string, change?: string): void {
    const where = this.#where;
    if (this.#list.some((known) => known.where === where && known.what === what)) return;
    this.#list.push({ level, where, what, ...(change !== undefined && { change }) });
  }
}

/** A value of a response that may be shown: short, and of characters that no token needs more than a few of. */
export function shortName(value: unknown): string | null {
  return typeof value === 'string' && /^[\w /.+;=-]{1,60}$/.test(value) ? value : null;
}
