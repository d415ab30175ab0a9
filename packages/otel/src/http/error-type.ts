import { isPacelineError } from '@paceline/core';

/** Stands for every error that has neither code nor name. */
export const OTHER_ERROR = '_OTHER';

/** Codes of Node, undici, axios and the like; anything else may be different for every request. */
const CODE = /^[A-Z][A-Z0-9_]{1,63}$/;
const NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

/**
 * The class of a failure, for `error.type`: Paceline's own code, else the code of the error or of its cause
 * (`ECONNREFUSED`), else the error's name (`TypeError`). Never its message, which may hold anything.
 */
export function errorTypeOf(error: unknown): string {
  if (isPacelineError(error)) return error.code;
  const { code, name, cause } = detailsOf(error);
  return matching(CODE, code) ?? matching(CODE, detailsOf(cause).code) ?? matching(NAME, name) ?? OTHER_ERROR;
}

/** Whether a client has to take a status for an error, by OpenTelemetry's HTTP conventions. */
export function isErrorStatus(status: number): boolean {
  return status >= 400;
}

function matching(pattern: RegExp, value: unknown): string | undefined {
  return typeof value === 'string' && pattern.test(value) ? value : undefined;
}

function detailsOf(error: unknown): { readonly code?: unknown; readonly name?: unknown; readonly cause?: unknown } {
  return typeof error === 'object' && error !== null ? error : {};
}
