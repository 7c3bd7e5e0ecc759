// Makes calls with the official clients, one after another: a list of calls comes in as JSON, what came of each goes out.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(`${process.cwd()}/`);
const OpenAI = require("openai").default;
const Anthropic = require("@anthropic-ai/sdk").default;

const text = (content) => content.filter((block) => block.type === "text").map((block) => block.text).join("");

const ways = {
  async openai(url, key, body) {
    const client = new OpenAI({ apiKey: key, baseURL: `${url}/v1`, maxRetries: 2 });
    if (!body.stream) {
      const answer = await client.chat.completions.create(body);
      const { message, finish_reason } = answer.choices[0];
      return { text: message.content ?? "", calls: message.tool_calls ?? [], finish: finish_reason, usage: answer.usage };
    }
    let shown = "";
    let finish = null;
    for await (const chunk of await client.chat.completions.create(body)) {
      shown += chunk.choices[0]?.delta?.content ?? "";
      finish = chunk.choices[0]?.finish_reason ?? finish;
    }
    return { text: shown, finish };
  },
  async responses(url, key, body) {
    const client = new OpenAI({ apiKey: key, baseURL: `${url}/v1`, maxRetries: 2 });
    const answer = await client.responses.create(body);
    return { text: answer.output_text, finish: answer.status, usage: answer.usage };
  },
  async embeddings(url, key, body) {
    const client = new OpenAI({ apiKey: key, baseURL: `${url}/v1`, maxRetries: 2 });
    const answer = await client.embeddings.create(body);
    return { vectors: answer.data.map((item) => item.embedding) };
  },
  async anthropic(url, key, body) {
    const client = new Anthropic({ apiKey: key, baseURL: url, maxRetries: 2 });
    if (!body.stream) {
      const answer = await client.messages.create(body);
      const calls = answer.content.filter((block) => block.type === "tool_use");
      return { text: text(answer.content), calls, finish: answer.stop_reason, usage: answer.usage };
    }
    let shown = "";
    let finish = null;
    for await (const event of await client.messages.create(body)) {
      if (event.type === "content_block_delta") shown += event.delta.text ?? "";
      if (event.type === "message_delta") finish = event.delta.stop_reason;
    }
    return { text: shown, finish };
  },
};

const { url, key, calls } = JSON.parse(readFileSync(0, "utf8"));
const outcomes = [];
for (const { client, body } of calls) {
  try {
    outcomes.push(await ways[client](url, key, body));
  } catch (error) {
    outcomes.push({ error: error.constructor.name, status: error.status ?? null, message: String(error.message) });
  }
}
console.log(JSON.stringify(outcomes));
