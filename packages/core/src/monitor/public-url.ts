/** The part of a URL that may be shown: without userinfo, query and fragment. */
export function publicUrl(url: string): string {
  return withoutQuery(url.includes('@') ? withoutUserinfo(url) : url);
}

function withoutQuery(url: string): string {
  const query = url.indexOf('?');
  const shown = query === -1 ? url : url.slice(0, query);
  const fragment = shown.indexOf('#');
  return fragment === -1 ? shown : shown.slice(0, fragment);
}

/** What no parser understands may still hide a password: everything that could be one goes. */
function withoutUserinfo(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null) return url.slice(url.lastIndexOf('@') + 1);
  parsed.username = '';
  parsed.password = '';
  return parsed.href;
}
