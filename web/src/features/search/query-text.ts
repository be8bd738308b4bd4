/** The text of a query: what is searched stands in it alone, filters included, so that it can be linked, read and corrected. */

/** The pieces of a query at the gaps outside of quotation marks. */
export function pieces(query: string): string[] {
  return query.match(/(?:[^\s"“”「」]|["“”][^"“”]*["“”]|「[^」]*」)+|["“”「].*/gu) ?? [];
}

const begins = (piece: string, key: string) => piece.toLowerCase().startsWith(`${key}:`);

/** What the query says of a filter: the value of its first piece with this key. */
export function valueOf(query: string, key: string): string {
  return pieces(query).find((piece) => begins(piece, key))?.slice(key.length + 1) ?? "";
}

/** The query with the filter set to this value; without it if that is what it had. */
export function toggled(query: string, key: string, value: string): string {
  const had = valueOf(query, key) === value;
  const others = pieces(query).filter((piece) => !begins(piece, key));
  return (had ? others : [...others, `${key}:${value}`]).join(" ");
}

/** The query cut in two where it cannot be read, `column` counted in characters from 1. */
export function around(query: string, column: number): [string, string] {
  const characters = [...query];
  return [characters.slice(0, column - 1).join(""), characters.slice(column - 1).join("")];
}
