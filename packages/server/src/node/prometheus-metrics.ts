import { AggregatorRegistry, collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Metrics } from '../http/metrics.js';

export interface PrometheusMetrics extends Metrics {
  /** All metrics in the Prometheus text format. */
  render(): Promise<string>;
  /** The same as JSON values, for the sum over several processes. */
  figures(): Promise<readonly object[]>;
  /** `Content-Type` of that text. */
  readonly contentType: string;
}

/** Creates metrics for Prometheus, in their own registry. Labels never contain stream or user names. */
export function createPrometheusMetrics(): PrometheusMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const minted = new Counter({
    name: 'gatecast_tokens_minted_total',
    help: 'Tokens issued.',
    labelNames: ['purpose'],
    registers,
  });
  const refused = new Counter({
    name: 'gatecast_requests_refused_total',
    help: 'Requests that got a problem as response, by problem code.',
    labelNames: ['handler', 'code'],
    registers,
  });
  const answered = new Histogram({
    name: 'gatecast_request_duration_seconds',
    help: 'Time from request to response, in seconds.',
    labelNames: ['handler', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const firstMedia = new Counter({
    name: 'gatecast_first_media_responses_total',
    help: 'First responses that may have media, by what became of them.',
    labelNames: ['result'],
    registers,
  });
  const firstMediaBytes = new Counter({
    name: 'gatecast_first_media_bytes_total',
    help: 'Bytes of media in first responses.',
    registers,
  });
  const revocations = new Counter({
    name: 'gatecast_revocations_total',
    help: 'Revocations and their ends by this process.',
    labelNames: ['change'],
    registers,
  });
  const held = new Gauge({
    name: 'gatecast_revocations_in_force',
    help: 'Revocations that this process knows.',
    // Every process has the whole list.
    aggregator: 'max',
    registers,
  });
  const listeners = new Gauge({
    name: 'gatecast_event_streams_open',
    help: 'Pages that listen for events of the token endpoint.',
    registers,
  });
  const vendorErrors = new Counter({
    name: 'gatecast_vendor_errors_total',
    help: 'Failed requests to a vendor’s token service.',
    labelNames: ['service', 'code'],
    registers,
  });
  return {
    minted: (purpose, count) => minted.inc({ purpose }, count),
    refused: (handler, code) => refused.inc({ handler, code }),
    answered: (handler, status, seconds) => answered.observe({ handler, status }, seconds),
    mediaAnswered(result, bytes) {
      firstMedia.inc({ result });
      firstMediaBytes.inc(bytes);
    },
    revocationChanged: (change) => revocations.inc({ change }),
    revocationsHeld: (count) => held.set(count),
    listeners: (count) => listeners.set(count),
    vendorFailed: (service, code) => vendorErrors.inc({ service, code }),
    render: () => registry.metrics(),
    figures: () => registry.getMetricsAsJSON(),
    contentType: registry.contentType,
  };
}

/** The metrics of several processes together, in the Prometheus text format. `figures` is a list for each process. */
export function sumFigures(figures: readonly unknown[]): Promise<string> {
  return AggregatorRegistry.aggregate(figures.filter((each) => Array.isArray(each))).metrics();
}
