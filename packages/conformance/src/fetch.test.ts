import { fetchClient } from './clients/fetch.ts';
import { conformance } from './conformance.ts';

conformance(fetchClient);
