import { type Body, events, type Tool, textIn, type Wire } from "../wire.ts";

/** What Gemini CLI's own questions about routing and turns are answered with. */
const ROUTING = {
  reasoning: "as scripted",
  next_speaker: "user",
  model_choice: "flash",
  complexity_reasoning: "as scripted",
  complexity_score: 1,
};

/** Google's generateContent: Gemini CLI. */
export const gemini: Wire = {
  matches: (path) => /:(?:streamG|g)enerateContent/.test(path),
  tools: (body) => (body.tools ?? []).flatMap((one: Body) => one.functionDeclarations ?? []).map(toolOf),
  messages: (body) =>
    (body.contents ?? []).map((content: Body) => ({
      role: content.role === "model" ? "model" : "other",
      text: textIn(content.parts),
    })),
  answer: (answer, body, path) => {
    const wantsJson = body.generationConfig?.responseMimeType === "application/json";
    const text = wantsJson ? JSON.stringify(ROUTING) : "text" in answer ? answer.text : "";
    const part =
      !wantsJson && "tool" in answer ? { functionCall: { name: answer.tool.name, args: answer.args } } : { text };
    const document = {
      candidates: [{ index: 0, finishReason: "STOP", content: { role: "model", parts: [part] } }],
      usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 },
      modelVersion: "scripted",
    };
    return path.includes("stream") ? events([document]) : document;
  },
};

function toolOf(one: Body): Tool {
  const { properties = {}, required = [] } = one.parametersJsonSchema ?? one.parameters ?? {};
  return { name: one.name ?? "", properties, required };
}
