import { createPaceline } from '@paceline/core';
import { watch } from '@paceline/dashboard';

// A process that watches its engine on what it takes for a terminal, and goes on until a signal ends it.
const pace = createPaceline();
pace.hold('api.test', 60_000);
watch(pace, { output: Object.assign(process.stdout, { isTTY: true, columns: 60, rows: 10 }), intervalMs: 50 });
setInterval(() => {}, 1_000);
