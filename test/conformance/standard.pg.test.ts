import { standard } from './standard.ts';
import { conformance } from './suite.ts';

conformance(standard);
