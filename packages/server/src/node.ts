export { toNodeListener, type NodeListener, type NodeListenerOptions } from './node/node-listener.js';
export { memoryRateLimiter } from './limits/memory-rate-limiter.js';
export { withNativeSigning } from './node/native-signing.js';
export { createPinoLogger } from './node/pino-logger.js';
export { createPrometheusMetrics, type PrometheusMetrics } from './node/prometheus-metrics.js';
export { openKeyDirectory, type KeyDirectory } from './node/key-directory.js';
export { ConfigError, loadConfig } from './serve/load-config.js';
export type { Config } from './serve/config-schema.js';
export { serve, type RunningServer } from './serve/serve.js';
