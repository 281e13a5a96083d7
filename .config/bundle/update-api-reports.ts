import { checkApiReports } from './api-reports.js';
import { buildAllOnce } from './build-all-once.js';

await buildAllOnce();
for (const { path, hasChanged } of checkApiReports({ update: true })) {
  console.log(`${hasChanged ? '▸' : '▸ unchanged:'} ${path}`);
}
