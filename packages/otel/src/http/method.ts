/**
 * Methods that telemetry tells apart unless told otherwise: those of RFC 9110, PATCH (RFC 5789) and QUERY, as the HTTP
 * conventions of OpenTelemetry list them.
 */
export const KNOWN_METHODS: readonly string[] = [
  'CONNECT',
  'DELETE',
  'GET',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'POST',
  'PUT',
  'QUERY',
  'TRACE',
];

/** Stands for every method that is not known. */
export const OTHER_METHOD = '_OTHER';

/** The value of `http.request.method`: whatever clients send, there are only so many. */
export function methodName(method: string, known: ReadonlySet<string>): string {
  return known.has(method) ? method : OTHER_METHOD;
}
