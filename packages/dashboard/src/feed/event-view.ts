import type { PaceEvent } from '@paceline/core';
import type { EventView } from '../wire/views.ts';

/** What of an event may be shown. Messages of errors are not: clients like to put whole URLs into them. */
export function eventView(event: PaceEvent, number: number): EventView {
  const shown: Record<string, string | number | boolean> = {};
  for (const [field, value] of Object.entries(event) as readonly (readonly [string, unknown])[]) {
    if (field === 'error') {
      if (value !== undefined) shown[field] = errorName(value);
    } else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      shown[field] = value;
    }
  }
  return { ...shown, number, type: event.type, at: event.at, host: event.host };
}

function errorName(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { code } = (error.cause ?? error) as { readonly code?: unknown };
  return typeof code === 'string' ? code : error.name;
}
