/** The hash chain of a ticket's records. */
import { type Bytes, concat, eightBytes, sha256, utf8 } from "./bytes";

const sized = (text: string) => {
  const bytes = utf8(text);
  return concat(eightBytes(bytes.length), bytes);
};

/** What the first record of a ticket is chained to. */
export function genesis(org: string, stream: string): Promise<Bytes> {
  return sha256(utf8("yinuo/genesis/v1\n"), sized(org), sized(stream));
}

/** The hash of a record after `previous`. */
export function link(previous: Uint8Array, body: string): Promise<Bytes> {
  return sha256(utf8("yinuo/record/v1\n"), previous, sized(body));
}
