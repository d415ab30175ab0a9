import { axiosStreaming } from './clients/axios.ts';
import { conformance } from './conformance.ts';

conformance(axiosStreaming);
