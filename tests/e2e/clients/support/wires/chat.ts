import { type Answer, type Body, events, type Tool, textIn, type Wire } from "../wire.ts";

let counter = 0;

/** OpenAI's chat completions: opencode, Copilot with a provider of one's own, pi, droid, Cline. */
export const chat: Wire = {
  matches: (path) => path.includes("/chat/completions"),
  tools: (body) => (body.tools ?? []).map(toolOf),
  messages: (body) =>
    (body.messages ?? []).map((message: Body) => ({
      role: message.role === "assistant" ? "model" : "other",
      text: textIn(message.content),
    })),
  answer: (answer, body) => {
    const base = { id: `chat_${++counter}`, created: 1, model: body.model };
    const calls = callsOf(answer);
    const content = "text" in answer ? answer.text : null;
    const finish_reason = calls ? "tool_calls" : "stop";
    const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
    const spoken = { role: "assistant", content, ...(calls ? { tool_calls: calls } : {}) };
    if (!body.stream) {
      const choices = [{ index: 0, finish_reason, message: spoken }];
      return { ...base, object: "chat.completion", choices, usage };
    }
    const chunk = { ...base, object: "chat.completion.chunk" };
    return events([
      { ...chunk, choices: [{ index: 0, delta: spoken, finish_reason: null }] },
      { ...chunk, choices: [{ index: 0, delta: {}, finish_reason }], usage },
      "[DONE]",
    ]);
  },
};

function toolOf(one: Body): Tool {
  const { properties = {}, required = [] } = one.function?.parameters ?? {};
  return { name: one.function?.name ?? "", properties, required };
}

function callsOf(answer: Answer): readonly object[] | null {
  if ("text" in answer) return null;
  const { name } = answer.tool;
  const id = `call_${++counter}`;
  return [{ index: 0, id, type: "function", function: { name, arguments: JSON.stringify(answer.args) } }];
}
