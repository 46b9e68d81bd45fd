export { Broker } from '../../broker/broker.js';
export { BrokerWatch } from './broker-watch.js';
export { follow, putMissing } from './follow.js';
export { OpenRuns } from './open-runs.js';
export { QueueWorker } from './queue-worker.js';
export { moduleOfRun } from './run-module.js';
export { UnitQueue } from './unit-queue.js';
