import { defrost } from './defrost.ts';
import { conformance } from './suite.ts';

conformance(defrost);
