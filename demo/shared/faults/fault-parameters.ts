import { type FaultTree, putLeaf } from '@gatecast/qa/internal/faults/fault-patch';
import { isRecord, mergePatch } from '@gatecast/qa/internal/faults/merge-patch';

const prefix = 'fault.';
/** Paths whose value is an object that is set and removed as a whole. */
const rules: ReadonlySet<string> = new Set(['media.reject', 'ingest.refuse', 'whep.refuse']);
/** Short parameter names for faults that are set often. */
const shortNames: ReadonlyMap<string, string> = new Map([['ttl', 'tokens.ttlSeconds']]);

/** Reads parameters such as `ttl=6` and `fault.tokens.fail=3`. A value is JSON; other values are read as text. */
export function readFaultParameters(parameters: URLSearchParams): FaultTree {
  let tree: FaultTree = {};
  for (const [name, value] of parameters) {
    const path = shortNames.get(name) ?? (name.startsWith(prefix) ? name.slice(prefix.length) : '');
    if (path !== '') tree = setFault(tree, path, parseValue(value));
  }
  return tree;
}

/** Returns the URL parameters of faults: the inverse of {@link readFaultParameters}. */
export function writeFaultParameters(tree: FaultTree): [string, string][] {
  return listFaults(tree).map(({ path, value }) => {
    const [short] = [...shortNames].find(([, long]) => long === path) ?? [];
    return [short ?? `${prefix}${path}`, typeof value === 'string' ? value : JSON.stringify(value)];
  });
}

/** One leaf of a tree of faults. */
export interface Fault {
  /** For example `tokens.fail`. */
  readonly path: string;
  readonly value: unknown;
}

/** Returns the leaves of a tree, without `undefined` and empty branches. */
export function listFaults(tree: FaultTree, before = ''): Fault[] {
  return Object.entries(tree).flatMap(([key, value]) => {
    const path = before === '' ? key : `${before}.${key}`;
    if (value === undefined) return [];
    return isRecord(value) && !rules.has(path) ? listFaults(value, path) : [{ path, value }];
  });
}

/** Returns the faults with an effect. Omits those whose count is used up. */
export function faultsAtWork(tree: FaultTree): Fault[] {
  const faults = listFaults(tree).filter(({ value }) => value !== 0 && !isSpent(value));
  const isFailing = faults.some(({ path }) => path === 'tokens.fail');
  return faults.filter(
    ({ path }) => isFailing || (path !== 'tokens.status' && path !== 'tokens.retryAfterSeconds'),
  );
}

function isSpent(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isSpent);
  return isRecord(value) && value['count'] === 0;
}

/** Returns a copy of the tree with one leaf set; `null` removes the leaf. */
export function setFault(tree: FaultTree, path: string, value: unknown): FaultTree {
  const keys = path.split('.');
  if (value !== null) return putLeaf(tree, keys, value);
  return mergePatch(tree, putLeaf({}, keys, null)) as FaultTree;
}

/** Describes a fault in one line of text. */
export function describeFault({ path, value }: Fault): string {
  return value === null ? `${path} off` : `${path} ${describeValue(value)}`;
}

function describeValue(value: unknown): string {
  if (Array.isArray(value)) return value.map(describeValue).join(', ');
  if (isRecord(value)) return Object.values(value).map(describeValue).join(' ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
