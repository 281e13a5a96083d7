export { type RunCasesOptions, runCases } from './driver/run-cases.js';
export { QaError } from './driver/qa-error.js';
export { findChromium } from './driver/find-chromium.js';
export { caseNames } from './cases/qa-cases.js';
export type { CaseResult, ErrorCount, Verdict } from './cases/case-result.js';
