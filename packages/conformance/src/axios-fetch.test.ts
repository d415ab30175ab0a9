import { axiosOverFetch } from './clients/axios.ts';
import { conformance } from './conformance.ts';

conformance(axiosOverFetch);
