/** Faults as the backend takes them: an object of objects. */
export type FaultTree = Readonly<Record<string, unknown>>;

const prefix = 'fault.';
/** Objects that are set and taken away as a whole. */
const rules: ReadonlySet<string> = new Set(['media.reject', 'ingest.refuse']);
/** Token lifetime is asked for so often that it has a name of its own. */
const shortNames: Readonly<Record<string, string>> = { ttl: 'tokens.ttlSeconds' };

/** Reads `ttl=6` and `fault.tokens.fail=3`; values are JSON where they can be, else text. */
export function readFaultParameters(parameters: URLSearchParams): FaultTree {
  let tree: FaultTree = {};
  for (const [name, value] of parameters) {
    const path = shortNames[name] ?? (name.startsWith(prefix) ? name.slice(prefix.length) : '');
    if (path !== '') tree = setFault(tree, path, parseValue(value));
  }
  return tree;
}

/** The parameters that say the same. */
export function writeFaultParameters(tree: FaultTree): [string, string][] {
  return listFaults(tree).map(({ path, value }) => {
    const short = Object.keys(shortNames).find((name) => shortNames[name] === path);
    return [short ?? `${prefix}${path}`, typeof value === 'string' ? value : JSON.stringify(value)];
  });
}

/** One leaf of a tree of faults. */
export interface Fault {
  /** Such as `tokens.fail`. */
  readonly path: string;
  readonly value: unknown;
}

/** The leaves of a tree, `undefined` and empty branches left out. */
export function listFaults(tree: FaultTree, before = ''): Fault[] {
  return Object.entries(tree).flatMap(([key, value]) => {
    const path = before === '' ? key : `${before}.${key}`;
    if (value === undefined) return [];
    return isRecord(value) && !rules.has(path) ? listFaults(value, path) : [{ path, value }];
  });
}

/** The faults that still do something: those that are used up are left out. */
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

/** The same tree with one leaf set; `null` takes it away. */
export function setFault(tree: FaultTree, path: string, value: unknown): FaultTree {
  const [key = '', ...rest] = path.split('.');
  if (rest.length === 0) {
    const { [key]: _, ...others } = tree;
    return value === null ? others : { ...others, [key]: value };
  }
  const branch = tree[key];
  return { ...tree, [key]: setFault(isRecord(branch) ? branch : {}, rest.join('.'), value) };
}

/** A merge patch that sets some leaves by their paths; `null` takes one away. */
export function faultPatch(faults: Readonly<Record<string, unknown>>): FaultTree {
  const patch: Record<string, unknown> = {};
  for (const [path, value] of Object.entries(faults)) {
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    let branch = patch;
    for (const key of keys) {
      const next = branch[key];
      const inner = isRecord(next) ? next : {};
      branch[key] = inner;
      branch = inner;
    }
    branch[last] = value;
  }
  return patch;
}

/** A fault as one line of text. */
export function describeFault({ path, value }: Fault): string {
  return value === null ? `${path} off` : `${path} ${describeValue(value)}`;
}

function describeValue(value: unknown): string {
  if (Array.isArray(value)) return value.map(describeValue).join(', ');
  if (isRecord(value)) return Object.values(value).map(describeValue).join(' ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
