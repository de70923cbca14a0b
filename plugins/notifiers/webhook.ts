import { createHmac } from "node:crypto";
import { type DeliverContext, defineNotifier, type Notice } from "../../src/plugin.ts";
import { checkAnswer, resolveSecret, secretOption, textOption, utf8Clip } from "./http.ts";

/** Discord refuses more than 2,000 characters, Slack cuts at 40,000. */
const MAX_DISCORD = 1_900;
const MAX_SLACK_BYTES = 12_000;

/** Posts the notice as JSON. The same notice always carries the same `id`, so that a receiver can drop a repetition. */
export default defineNotifier({
  name: "webhook",
  summary: "POST JSON to a URL (own format, Slack, Discord)",
  options: {
    url: { type: "string", required: true, description: "Address to post to, or env:NAME" },
    headers: { type: "strings", description: 'Headers as "Name: value"; a value may be env:NAME' },
    format: {
      type: "string",
      default: "json",
      choices: ["json", "slack", "discord"],
      description: "json: title, body, payload and more; slack, discord: what their incoming webhooks take",
    },
    secret: { type: "string", description: "Signs the body: X-P9-Signature-256, as GitHub signs; or env:NAME" },
  },
  async deliver(notice, context) {
    const body = JSON.stringify(FORMATS[textOption(context, "format", "json")]?.(notice) ?? plain(notice));
    const answer = await context.fetch(resolveSecret(textOption(context, "url", ""), context), {
      method: "POST",
      headers: headersFor(notice, body, context),
      body,
      redirect: "manual",
    });
    checkAnswer("The webhook", answer);
  },
});

const FORMATS: Readonly<Record<string, (notice: Notice) => unknown>> = {
  json: plain,
  slack: (notice) => ({ text: utf8Clip(slackText(`*${notice.title}*\n${notice.body}`), MAX_SLACK_BYTES) }),
  discord: (notice) => ({
    content: `**${notice.title}**\n${notice.body}`.slice(0, MAX_DISCORD),
    // Titles and log lines are text from outside: none may ping @everyone.
    allowed_mentions: { parse: [] },
  }),
};

function plain(notice: Notice) {
  const { id, kind, title, body, severity, url, payload, event } = notice;
  return {
    id,
    kind,
    title,
    body,
    severity,
    ...(url ? { url } : {}),
    payload: payload ?? {},
    ...(event ? { event } : {}),
  };
}

function slackText(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

function headersFor(notice: Notice, body: string, context: DeliverContext): Record<string, string> {
  const given = Array.isArray(context.options.headers) ? context.options.headers : [];
  const headers: Record<string, string> = {
    "content-type": "application/json",
    "user-agent": "p9",
    "idempotency-key": notice.id,
  };
  for (const line of given) {
    const [, name, value] = /^([^:\s]+)\s*:\s*(.*)$/.exec(String(line)) ?? [];
    if (name && value !== undefined) headers[name.toLowerCase()] = resolveSecret(value, context);
  }
  const secret = secretOption(context, "secret");
  if (secret) headers["x-p9-signature-256"] = `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
  return headers;
}
