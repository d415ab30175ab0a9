import type { Effort } from './scenario.ts';
import { scenarios } from './scenarios.ts';

// The child of `main.ts`: one scenario in a fresh process, so that none inherits another's heap or compiled code.
const [name = '', effort = 'whole'] = process.argv.slice(2);
const tables = await scenarios[name]?.(effort as Effort);
process.send?.(tables, () => process.exit());
