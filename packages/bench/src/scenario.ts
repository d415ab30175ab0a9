import type { Table } from './report/table.ts';

/** How long a scenario may take: `quick` shows that it runs, `whole` gives figures to quote. */
export type Effort = 'quick' | 'whole';

/** One question that is answered by measuring. Runs in a process of its own, with `--expose-gc`. */
export type Scenario = (effort: Effort) => Promise<readonly Table[]>;
