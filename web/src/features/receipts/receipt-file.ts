/** The receipt as a file: its shape, read strictly. */

/** Version that this program reads: `yinuo_receipt` in the file. */
const VERSION = 1;
/** Longer files are no receipts: a request holds a few thousand characters, its proof some dozen hashes. */
export const MAX_RECEIPT_BYTES = 2 * 1024 * 1024;

export interface ReceiptContent {
  n: number;
  /** Hex. */
  salt: string;
  text: string;
}

export interface ReceiptFile {
  yinuo_receipt: typeof VERSION;
  /** Which log: the first line of its checkpoints. */
  origin: string;
  /** The log's key, as the server that gave the receipt tells it. */
  key: string;
  number: string;
  received_at: string;
  record: {
    /** Position in the log, from 1. */
    position: number;
    /** Position in the ticket's own chain, from 1. */
    seq: number;
    /** Hex. */
    previous: string;
    /** Hex. */
    hash: string;
    /** The record, exactly as chained. */
    body: string;
  };
  contents: ReceiptContent[];
  /** Base64, from the leaf upwards. */
  proof: string[];
  /** The signed note. */
  checkpoint: string;
}

/** What keeps a text from being a receipt, with what its sentence names. */
export interface ReadingFailure {
  code: "empty" | "too-large" | "not-json" | "not-a-receipt" | "other-version";
  values: Record<string, string | number>;
}

type Shape = "text" | "count" | "record" | "contents" | "texts" | "version";
const FIELDS: Record<string, Shape> = {
  yinuo_receipt: "version",
  origin: "text",
  key: "text",
  number: "text",
  received_at: "text",
  record: "record",
  contents: "contents",
  proof: "texts",
  checkpoint: "text",
};
const RECORD: Record<string, Shape> = { position: "count", seq: "count", previous: "text", hash: "text", body: "text" };
const CONTENT: Record<string, Shape> = { n: "count", salt: "text", text: "text" };

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The first field that is missing, unknown or of the wrong kind. */
function misfit(value: unknown, fields: Record<string, Shape>, path: string): string | null {
  if (!isObject(value)) return path || "{}";
  const at = (name: string) => (path === "" ? name : `${path}.${name}`);
  const unknown = Object.keys(value).find((name) => !Object.hasOwn(fields, name));
  if (unknown !== undefined) return at(unknown.slice(0, 64));
  for (const [name, shape] of Object.entries(fields)) {
    const wrong = misshapen(value[name], shape, at(name));
    if (wrong !== null) return wrong;
  }
  return null;
}

function misshapen(value: unknown, shape: Shape, path: string): string | null {
  const unless = (good: boolean) => (good ? null : path);
  switch (shape) {
    case "version":
      return null; // Told apart before: another version is another failure.
    case "text":
      return unless(typeof value === "string");
    case "count":
      return unless(typeof value === "number" && Number.isSafeInteger(value) && value >= 0);
    case "texts":
      return unless(Array.isArray(value) && value.every((item) => typeof item === "string"));
    case "record":
      return misfit(value, RECORD, path);
    case "contents":
      if (!Array.isArray(value)) return path;
      return value.map((item, i) => misfit(item, CONTENT, `${path}[${i}]`)).find((wrong) => wrong !== null) ?? null;
  }
}

/** Reads a receipt from the text of a file. Nothing in it is believed yet. */
export function readReceipt(text: string): ReceiptFile | ReadingFailure {
  const failure = (code: ReadingFailure["code"], values: ReadingFailure["values"] = {}) => ({ code, values });
  if (text.trim() === "") return failure("empty");
  if (text.length > MAX_RECEIPT_BYTES) return failure("too-large", { mb: MAX_RECEIPT_BYTES / 1024 / 1024 });
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch {
    return failure("not-json");
  }
  if (!isObject(value) || !("yinuo_receipt" in value)) return failure("not-a-receipt", { field: "yinuo_receipt" });
  if (value["yinuo_receipt"] !== VERSION) return failure("other-version", { known: VERSION });
  const field = misfit(value, FIELDS, "");
  return field === null ? (value as unknown as ReceiptFile) : failure("not-a-receipt", { field });
}

export function isFailure(read: ReceiptFile | ReadingFailure): read is ReadingFailure {
  return "code" in read;
}
