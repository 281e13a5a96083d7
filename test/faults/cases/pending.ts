/** Cases that fail today, by name, and why. Remove a line when its case is well: the runner reports such lines. */
export const pendingCases: ReadonlyMap<string, string> = new Map([]);
