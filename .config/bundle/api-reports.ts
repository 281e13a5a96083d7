import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import type { IConfigFile } from '@microsoft/api-extractor';
import { publicEntries, repositoryRoot } from './library-packages.js';
import type { PublicEntry } from './library-packages.js';

// Own: api-extractor's command line knows one entry for each package only. Its settings are read without its defaults,
// which print its warnings into the reports.
const settings = JSON.parse(
  readFileSync(join(import.meta.dirname, 'api-extractor.json'), 'utf8'),
) as IConfigFile;

export interface ApiReport {
  /** How a page imports the entry, for example `@gatecast/server/node`. */
  readonly importName: string;
  /** Path of the committed report, relative to the repository. */
  readonly path: string;
  readonly hasChanged: boolean;
}

/** api-extractor.json for one entry. */
function configOf({ packageName, packageFolder, entry }: PublicEntry): ExtractorConfig {
  const reportFolder = join(packageFolder, 'api');
  // Without the folder api-extractor warns and writes no report.
  mkdirSync(reportFolder, { recursive: true });
  return ExtractorConfig.prepare({
    configObject: {
      ...settings,
      projectFolder: packageFolder,
      mainEntryPointFilePath: join(packageFolder, `dist/${entry}.d.ts`),
      apiReport: {
        enabled: true,
        reportFileName: entry,
        reportFolder,
        reportTempFolder: join(repositoryRoot, '.build/api', packageName),
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(packageFolder, 'package.json'),
  });
}

/**
 * Compares the public surface of each package entry with its committed report. The packages must be built.
 *
 * @param update - writes the reports that have changed.
 */
export function checkApiReports({ update }: { readonly update: boolean }): ApiReport[] {
  return publicEntries().map((publicEntry) => {
    const { importName, packageName, entry } = publicEntry;
    const { apiReportChanged } = Extractor.invoke(configOf(publicEntry), {
      localBuild: update,
      messageCallback: (message) => {
        message.handled = true;
      },
    });
    return { importName, path: `packages/${packageName}/api/${entry}.api.md`, hasChanged: apiReportChanged };
  });
}
