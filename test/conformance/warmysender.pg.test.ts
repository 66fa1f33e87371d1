import { conformance } from './suite.ts';
import { warmysender } from './warmysender.ts';

conformance(warmysender);
