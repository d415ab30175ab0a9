interface Node {
  readonly task: () => Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  next: Node | undefined;
}

/** The least that a queue with slots can be: a linked list and a counter. */
export function fifo(slots: number): (task: () => Promise<unknown>) => Promise<unknown> {
  let free = slots;
  let first: Node | undefined;
  let last: Node | undefined;

  const start = ({ task, resolve }: Node): void => {
    const finish = (value: unknown): void => {
      resolve(value);
      const next = first;
      first = next?.next;
      if (next === undefined) free += 1;
      else start(next);
    };
    task().then(finish, finish);
  };

  return (task) =>
    new Promise((resolve) => {
      const node: Node = { task, resolve, next: undefined };
      if (free > 0) {
        free -= 1;
        start(node);
        return;
      }
      if (first === undefined) first = node;
      else if (last !== undefined) last.next = node;
      last = node;
    });
}
