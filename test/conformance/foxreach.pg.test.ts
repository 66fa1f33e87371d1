import { foxreach } from './foxreach.ts';
import { conformance } from './suite.ts';

conformance(foxreach);
