/** Whether fetch can read `body` again from its start: not a stream, nor anything that may be one. */
export function isReplayable(body: unknown): boolean {
  return (
    typeof body !== 'object' ||
    body === null ||
    ArrayBuffer.isView(body) ||
    [ArrayBuffer, Blob, URLSearchParams, FormData].some((known) => body instanceof known)
  );
}

/** Whether fetch would refuse the body at once: on a method that has none, being read, or used up. */
export function isUnusable(body: unknown, request: Request | undefined, method: string): boolean {
  if (body === undefined || body === null) return request?.bodyUsed === true;
  return method === 'GET' || method === 'HEAD' || (body as Partial<ReadableStream>).locked === true;
}

/**
 * Whether a Request has a body, and copies of it cost no more than itself: it was made from a string, bytes, a form or a
 * Blob, not from a stream that a copy would pile up in memory. A Request does not tell; but of the two, the Fetch standard
 * lets only the former go out as `no-cors` (Request constructor, "source is null"). False where a runtime lacks that
 * rule; true where Requests do not show their bodies (Firefox), for there they take no streams either.
 */
export function isCopyable(request: Request): boolean {
  if (!request.body) return request.body === undefined;
  const streamed: RequestInit & { duplex: 'half' } = { method: 'POST', duplex: 'half', body: new ReadableStream() };
  return goesWithoutCors(request) && !goesWithoutCors(new Request('http://a', streamed));
}

function goesWithoutCors(request: Request): boolean {
  let copy = request.clone();
  try {
    copy = new Request(copy, { method: 'POST', mode: 'no-cors' });
    return true;
  } catch {
    return false;
  } finally {
    // A copy that nobody reads would keep all that its sibling reads.
    copy.body?.cancel().catch(() => {});
  }
}
