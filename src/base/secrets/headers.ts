import type { Span } from "./decoded.ts";
import { isPlaceholder } from "./placed.ts";
import { looksMade } from "./random-text.ts";

const HEADER = /(?<![a-z0-9])(?:proxy-)?authorization["'\]]?\s{0,4}[:=,]\s{0,4}["']?/gi;
/** Schemes with one word of credentials, which is hidden whatever it looks like. */
const SIMPLE =
  /^(?:basic|bearer|token|negotiate|ntlm|apikey|api-key|key|jwt|bot|splunk|geniekey|private-token|pat|github|mac|sso-key|sharedkey|sharedkeylite)$/i;
/** Schemes with a list of parameters, up to the end of the line. */
const LISTS = /^(?:digest|hawk|oauth|signature|aws4-hmac-sha256|dpop|sharedaccesssignature|scram-sha-256|hmac)$/i;
const SCHEME = /([\w.-]{1,40})[ \t]{1,4}/y;
const LIST = /[^'\n]{1,4096}/y;
const WORD = /[^\s"',;\]]{1,200}/y;
const MORE = /[^\s"',;\]]*/y;
const SAID = /^(?:is|was|not|required|missing|invalid|expired|header|token|auth\w*|error|failed)$/i;

/** Credentials in `Authorization` and `Proxy-Authorization` headers. The scheme stays readable. */
export function headerSecrets(text: string): Span[] {
  const spans: Span[] = [];
  HEADER.lastIndex = 0;
  for (let hit = HEADER.exec(text); hit; hit = HEADER.exec(text)) {
    const from = HEADER.lastIndex;
    const [head = "", scheme = ""] = stuck(SCHEME, text, from);
    const listed = LISTS.test(scheme);
    const [credentials = ""] = stuck(listed ? LIST : WORD, text, from + head.length);
    if (credentials.length < 3 || isPlaceholder(credentials) || SAID.test(credentials)) continue;
    if (!listed && !SIMPLE.test(scheme) && !looksMade(credentials)) continue;
    const rest = listed ? "" : (stuck(MORE, text, from + head.length + credentials.length)[0] ?? "");
    const end = from + head.length + credentials.length + rest.length;
    spans.push({ start: from + head.length, end });
    HEADER.lastIndex = end;
  }
  return spans;
}

function stuck(form: RegExp, text: string, at: number): readonly string[] {
  form.lastIndex = at;
  return form.exec(text) ?? [];
}
