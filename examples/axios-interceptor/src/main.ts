import { paceAxios } from '@paceline/axios';
import { createPaceline, perSecond } from '@paceline/core';
import { serve } from '@paceline/example-support';
import axios from 'axios';

// A shop that is out of order for the first two requests.
const shop = await serve((request, number) => (number <= 2 ? { status: 503 } : { body: { order: request.url } }));

// An engine with a policy, and one line for the axios instance: that is all.
const pace = createPaceline({ hosts: { [shop.host]: { rate: perSecond(20), burst: 1 } } });
const api = axios.create({ baseURL: shop.url });
api.interceptors.request.use(paceAxios(pace));

// Interceptors of your own run once a call, however often it is sent.
let responses = 0;
api.interceptors.response.use((response) => {
  responses += 1;
  return response;
});

const { data } = await api.get('/orders/1', { pace: { totalMs: 5_000 } });
console.log(`One call:  the server answered ${shop.seen.map((request) => request.status).join(', ')}`);
console.log(`           axios got ${JSON.stringify(data)}, the response interceptor ran ${responses} time`);

// Ten calls at once, but at 20 a second they leave 50 ms apart.
const orders = await Promise.all(Array.from({ length: 10 }, (_, index) => api.get(`/orders/${index + 2}`)));
const arrivals = shop.seen.slice(-orders.length).map((request) => request.at);
console.log(`Ten calls: the server saw them within ${Math.max(...arrivals) - Math.min(...arrivals)} ms`);

shop.close();
