import type { Clock, Paceline } from '@paceline/core';
import type { Scenario } from '../scenario/scenario.ts';

/** What one process sends its calls through. An engine is one. */
export type Client = Pick<Paceline, 'run'>;

/** How a process treats its calls. */
export interface Strategy {
  /** As on the command line. */
  readonly name: string;
  readonly title: string;
  /** A step of Paceline's own ladder, the way of another library, what a user brought along, or several side by side. */
  readonly family: 'ladder' | 'others' | 'own' | 'fleet';
  /** What it does, in a sentence. */
  readonly does: string;
  /** What it knows of the server beforehand. */
  readonly told: string;
  /** Where the algorithm comes from. */
  readonly source?: string;
  /** The kinds of processes of a fleet; the n-th process is of the n-th kind, in turns. */
  readonly members?: readonly Strategy[];
  /** Makes the client of one process; called once for each. */
  open(place: Place): Client;
}

/** Where a client runs. */
export interface Place {
  readonly clock: Clock;
  /** The process's own stream. */
  readonly random: () => number;
  /** Number of the process, from 0. */
  readonly process: number;
  readonly scenario: Scenario;
}

/** Told nothing but how long to wait, as every strategy is. */
export const TOLD_NOTHING = 'nothing of the server; the timeout of an attempt and the deadline of a call, as all';
