import { type Answer, type Body, events, type Message, type Tool, textIn, type Wire } from "../wire.ts";

let counter = 0;

/** OpenAI's Responses API: Codex. */
export const responses: Wire = {
  matches: (path) => path.includes("/responses"),
  tools: (body) => (body.tools ?? []).flatMap((one: Body) => inNamespace(one)),
  messages: (body) => (body.input ?? []).map(messageOf),
  answer: (answer) => {
    const id = `resp_${++counter}`;
    const item = itemOf(answer);
    const usage = {
      input_tokens: 1,
      output_tokens: 1,
      total_tokens: 2,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens_details: { reasoning_tokens: 0 },
    };
    return events([
      { type: "response.created", response: { id, object: "response", status: "in_progress", output: [] } },
      { type: "response.output_item.added", output_index: 0, item },
      { type: "response.output_item.done", output_index: 0, item },
      {
        type: "response.completed",
        response: { id, object: "response", status: "completed", output: [item], usage },
      },
    ]);
  },
};

function inNamespace(one: Body): Tool[] {
  if (one.type === "namespace")
    return (one.tools ?? []).map((inner: Body) => ({ ...toolOf(inner), namespace: one.name }));
  return [toolOf(one)];
}

function toolOf(one: Body): Tool {
  const { properties = {}, required = [] } = one.parameters ?? {};
  return { name: one.name ?? one.type, properties, required };
}

function messageOf(item: Body): Message {
  const isModel = item.role === "assistant" || item.type === "function_call" || item.type === "reasoning";
  return { role: isModel ? "model" : "other", text: textIn(item.content ?? item.output) };
}

function itemOf(answer: Answer): object {
  const id = ++counter;
  if ("text" in answer) {
    const content = [{ type: "output_text", text: answer.text, annotations: [] }];
    return { type: "message", id: `msg_${id}`, role: "assistant", status: "completed", content };
  }
  const { name, namespace } = answer.tool;
  return {
    type: "function_call",
    id: `fc_${id}`,
    call_id: `call_${id}`,
    name,
    ...(namespace ? { namespace } : {}),
    arguments: JSON.stringify(answer.args),
    status: "completed",
  };
}
