import { driftwood } from './driftwood.ts';
import { conformance } from './suite.ts';

conformance(driftwood);
