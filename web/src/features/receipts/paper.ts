/** What the QR code of a printed receipt carries. It is the fragment of the address, which no browser sends to a server. */
import type { Paper } from "./verify";

/** `#n=TS-20261121-0007&p=17&h=…` */
export function paperFragment(paper: Paper): string {
  return `#${new URLSearchParams({ n: paper.number, p: String(paper.position), h: paper.hash }).toString()}`;
}

/** Null where the fragment is of something else. A damaged one comes out as a paper whose hash no check takes. */
export function readPaper(fragment: string): Paper | null {
  const values = new URLSearchParams(fragment.replace(/^#/, ""));
  const number = values.get("n");
  if (number === null || number.trim() === "") return null;
  const position = Number(values.get("p"));
  const hash = (values.get("h") ?? "").toLowerCase();
  return {
    number: number.trim().slice(0, 64),
    position: Number.isSafeInteger(position) && position > 0 ? position : 0,
    hash: /^[0-9a-f]{64}$/.test(hash) ? hash : "",
  };
}
