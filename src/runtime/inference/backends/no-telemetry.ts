import { declineEngineTelemetry } from '../../config/environment.js';

/* Must run before onnxruntime is loaded, which decides only then whether it reports its use to its makers. */

declineEngineTelemetry();
