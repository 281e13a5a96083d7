import { isRecord } from './merge-patch.js';

/** Faults in the format of the demo's backend: an object of objects. */
export type FaultTree = Readonly<Record<string, unknown>>;

/** Returns a JSON merge patch that sets leaves by their paths, such as `tokens.fail`; `null` removes a leaf. */
export function faultPatch(faults: Readonly<Record<string, unknown>>): FaultTree {
  return Object.entries(faults).reduce<FaultTree>(
    (patch, [path, value]) => putLeaf(patch, path.split('.'), value),
    {},
  );
}

/** Returns a copy of the tree with one leaf set. */
export function putLeaf(tree: FaultTree, [key = '', ...rest]: readonly string[], value: unknown): FaultTree {
  const branch = Object.hasOwn(tree, key) ? tree[key] : undefined;
  const put = rest.length === 0 ? value : putLeaf(isRecord(branch) ? branch : {}, rest, value);
  return { ...tree, [key]: put };
}
