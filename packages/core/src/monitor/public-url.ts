/** The part of a URL that may be shown: without userinfo, query and fragment. */
export function publicUrl(url: string): string {
  return withoutQuery(url.includes('@') ? withoutUserinfo(url) : url);
}

function withoutQuery(url: string): string {
  const end = url.search(/[?#]/);
  return end === -1 ? url : url.slice(0, end);
}

/** What no parser understands may still hide a password: everything that could be one goes. */
function withoutUserinfo(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null) return url.slice(url.lastIndexOf('@') + 1);
  parsed.username = '';
  parsed.password = '';
  return parsed.href;
}
