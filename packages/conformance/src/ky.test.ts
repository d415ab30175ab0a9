import { kyClient } from './clients/ky.ts';
import { conformance } from './conformance.ts';

conformance(kyClient);
