export { memoryStore } from './memory-store.ts';
export { seededRandom } from './seeded-random.ts';
export { type VirtualClock, virtualClock } from './virtual-clock.ts';
