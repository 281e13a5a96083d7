import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import type { IConfigFile } from '@microsoft/api-extractor';
import { libraryPackages, repositoryRoot } from './library-packages.js';

/** Entries without exports: registering a tag, and the command line. */
const silentEntries = new Set(['define', 'cli']);

export interface ApiReport {
  /** How a page imports the entry, for example `@gatecast/server/node`. */
  readonly importName: string;
  /** Path of the committed report, relative to the repository. */
  readonly path: string;
  readonly hasChanged: boolean;
}

function configOf(name: string, entry: string, packageFolder: string): ExtractorConfig {
  const silent = { logLevel: ExtractorLogLevel.None };
  const reportFolder = join(packageFolder, 'api');
  // A missing folder is a warning to the extractor, and no report.
  mkdirSync(reportFolder, { recursive: true });
  const configObject: IConfigFile = {
    projectFolder: packageFolder,
    mainEntryPointFilePath: join(packageFolder, `dist/${entry}.d.ts`),
    compiler: { tsconfigFilePath: join(repositoryRoot, '.config/bundle/tsconfig.declarations.json') },
    apiReport: {
      enabled: true,
      reportFileName: entry,
      reportFolder,
      reportTempFolder: join(repositoryRoot, '.build/api', name),
    },
    docModel: { enabled: false },
    dtsRollup: { enabled: false },
    tsdocMetadata: { enabled: false },
    newlineKind: 'lf',
    messages: {
      compilerMessageReporting: { default: silent },
      extractorMessageReporting: { default: silent },
      tsdocMessageReporting: { default: silent },
    },
  };
  return ExtractorConfig.prepare({
    configObject,
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
  return libraryPackages().flatMap(({ name, folder, entries }) =>
    Object.keys(entries)
      .filter((entry) => !silentEntries.has(entry))
      .map((entry) => {
        const config = configOf(name, entry, folder);
        const { apiReportChanged } = Extractor.invoke(config, {
          localBuild: update,
          messageCallback: (message) => {
            message.handled = true;
          },
        });
        return {
          importName: entry === 'index' ? `@gatecast/${name}` : `@gatecast/${name}/${entry}`,
          path: `packages/${name}/api/${entry}.api.md`,
          hasChanged: apiReportChanged,
        };
      }),
  );
}
