import type { Strategy } from './strategy.ts';

/**
 * Processes of several kinds at the same server, taking turns in their order: as many of each kind, as far as their number
 * allows. Named as in `paced+simple`.
 *
 * @throws RangeError without a strategy.
 */
export function fleet(members: readonly Strategy[]): Strategy {
  const list = (of: (member: Strategy) => string, between: string): string => members.map(of).join(between);
  return {
    name: list(({ name }) => name, '+'),
    title: list(({ title }) => title, ' beside '),
    family: 'fleet',
    does: `The processes are of ${members.length} kinds: ${list(({ name }) => name, ', ')}.`,
    told: `what each of them is told`,
    members,
    open: (place) => memberOf(members, place.process).open(place),
  };
}

/** The kind of a process. */
export function memberOf(members: readonly Strategy[], process: number): Strategy {
  const member = members[process % members.length];
  if (member === undefined) throw new RangeError('A fleet needs a strategy');
  return member;
}
