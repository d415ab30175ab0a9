const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it may stand in HTML, in attributes as well. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** An element with nothing but text in it. */
export function tag(name: 'h1' | 'h2' | 'h3' | 'p', text: string): string {
  return `<${name}>${escaped(text)}</${name}>`;
}
