import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vitepress';
import { areDocsBuilt, builtDocsFolder, hashDocsSources, stampFile } from './docs-stamp.js';
import { docsFolder, generateReference } from './generate-reference.js';

/**
 * Builds the documentation, unless what is there was built from the same sources.
 *
 * @throws Error of VitePress, above all for a link that leads nowhere.
 */
export async function buildDocs(): Promise<{ folder: string; built: boolean }> {
  if (areDocsBuilt()) return { folder: builtDocsFolder, built: false };
  const stamp = hashDocsSources();
  const fresh = `${builtDocsFolder}-new-${process.pid}`;
  const retired = `${builtDocsFolder}-old-${process.pid}`;
  try {
    await generateReference();
    await build(docsFolder, { outDir: fresh });
    writeFileSync(join(fresh, stampFile), stamp);
    // Whoever reads the folder meanwhile sees the old site or the new one, never half of each.
    if (existsSync(builtDocsFolder)) renameSync(builtDocsFolder, retired);
    renameSync(fresh, builtDocsFolder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
    rmSync(retired, { recursive: true, force: true });
  }
  return { folder: builtDocsFolder, built: true };
}
