import { mailpanda } from './mailpanda.ts';
import { conformance } from './suite.ts';

conformance(mailpanda);
