import { declineEngineTelemetry } from '../config/environment.js';

/* Imported before onnxruntime, which decides once, when it is loaded, whether it reports its use to its makers. */

declineEngineTelemetry();
