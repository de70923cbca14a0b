import { type DeliverContext, defineNotifier, type Notice, oneLine } from "../../src/plugin.ts";
import { checkAnswer, secretOption, textOption, utf8Clip } from "./http.ts";

const SERVER = "https://ntfy.sh";
/** Longer messages become attachments at the server's default limit of 4,096 bytes. */
const MAX_MESSAGE_BYTES = 3_900;
const PRIORITY = { info: 3, warning: 4, error: 4 } as const;

/**
 * ntfy's JSON publishing: the topic and the title stand in the body, because an HTTP header holds no UTF-8
 * (https://docs.ntfy.sh/publish/#publish-as-json). A repeated delivery carries the same `sequence_id`: from ntfy 2.16 on it
 * replaces the first on the phone, older servers ignore it.
 */
export default defineNotifier({
  name: "ntfy",
  summary: "Push to a phone or a desktop through an ntfy server",
  options: {
    topic: { type: "string", required: true, description: "Topic to publish to; whoever knows it can read along" },
    url: { type: "string", default: SERVER, description: "Base address of the server" },
    token: { type: "string", description: "Access token, or env:NAME" },
    tags: { type: "string", default: "robot", description: "Tags or emoji names, comma-separated" },
    priority: { type: "number", description: "1 to 5; default 3, for warnings and errors 4" },
  },
  env: ["NTFY_TOKEN"],
  async deliver(notice, context) {
    const token = secretOption(context, "token") ?? context.env.NTFY_TOKEN;
    const answer = await context.fetch(textOption(context, "url", SERVER).replace(/\/+$/, ""), {
      method: "POST",
      headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify(message(notice, context)),
      redirect: "manual",
    });
    checkAnswer("ntfy", answer);
  },
});

function message(notice: Notice, context: DeliverContext) {
  const { priority } = context.options;
  const tags = textOption(context, "tags", "robot").split(",");
  return {
    topic: textOption(context, "topic", ""),
    title: oneLine(notice.title, 250),
    message: utf8Clip(notice.body || notice.title, MAX_MESSAGE_BYTES),
    priority: typeof priority === "number" ? priority : PRIORITY[notice.severity],
    tags: tags.map((tag) => tag.trim()).filter(Boolean),
    sequence_id: notice.id,
    ...(notice.url ? { click: notice.url } : {}),
  };
}
