// A server of a language model, as far as the desk needs one: the chat-completions protocol, with the answers of one case.
import { createServer } from "node:http";

export const MODEL = "rehearsal";
export const DRAFT = "您好，您反映的情况我们已经收到，并已开始核实。请问设备型号是什么？";
export const SUMMARY = "客户反映设备停机，尚未答复。";

function answer({ messages }) {
  const [{ content: task }] = messages;
  if (task.includes("JSON object")) return JSON.stringify({ kind: "complaint", urgency: "urgent", why: "客户要求马上处理。" });
  return task.includes("Draft") ? DRAFT : SUMMARY;
}

/** Starts it on a free port; gives its base address and what it was asked. */
export async function startModel() {
  const asked = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const question = JSON.parse(body);
    asked.push(question);
    response.setHeader("Content-Type", "application/json");
    response.end(
      JSON.stringify({
        id: "chatcmpl-1",
        object: "chat.completion",
        created: 1_795_000_000,
        model: MODEL,
        choices: [{ index: 0, message: { role: "assistant", content: answer(question) }, finish_reason: "stop" }],
        usage: { prompt_tokens: 300, completion_tokens: 40, total_tokens: 340 },
      }),
    );
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${server.address().port}/v1`, asked, stop: () => server.close() };
}
