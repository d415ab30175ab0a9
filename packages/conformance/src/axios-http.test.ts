import { axiosOverHttp } from './clients/axios.ts';
import { conformance } from './conformance.ts';

conformance(axiosOverHttp);
