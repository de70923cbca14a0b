/** How surely a name says that its value is secret: `sure` whatever the value looks like, `maybe` when the value looks made by a generator. */
export type Secrecy = "sure" | "maybe";

/** Last words of a name that is secret. */
const SURE = new Set("password passwd passphrase passcode pwd secret token otp".split(" "));
const MAYBE = new Set(
  "pass pw secrets credential credentials creds cred auth pat jwt salt sid sessid key sig crumb".split(" "),
);
/** Words run together, as in `PGPASSWORD` and `authtoken`. */
const GLUED =
  /(?:password|passwd|passphrase|(?<!^lib)secret|token|(?:api|secret|private|access|encryption|master|signing|account|shared|auth|deploy|license|subscription|storage)key)$|^(?:db|pg|ssh|sql|mysql|root|user|admin|ftp|smtp|mail|imap|ldap|redis|mongo|http|proxy|key|store)pass$|^(?:mysql|db)pwd$/;
const SESSION = /^(?:php|j|asp)?sess(?:ion)?id$/;
/** What makes a `key` a secret, and what makes it none. */
const SECRET_KEYS = new Set(
  "api secret private access encryption encrypt signing sign master auth account service shared storage deploy license subscription admin".split(
    " ",
  ),
);
const PLAIN_KEYS = new Set(
  "cache primary foreign public pub partition restore sort host unique index row object hash map sorting composite translation i18n group lookup registry dict".split(
    " ",
  ),
);
/** Words after the secret one that change nothing. */
const NEUTRAL = new Set(
  "value val str string data b64 base64 encoded raw text plain prod production staging stage dev test main old new current prev previous primary secondary live base content contents pem json ident".split(
    " ",
  ),
);
/** Words after the secret one that make the name one of something about a secret. */
const ABOUT = new Set(
  "id name names file files path url uri endpoint type kind length len size count ttl age expiry expires expiration expired policy field format version enabled required algorithm alg host port user username prefix header headers status error errors scope scopes limit hint dir arn ref label title method mode sock source command helper provider author authority".split(
    " ",
  ),
);

/** The words of a name, by separators and by case: `clientSecret`, `DB_PASS`, `X-Api-Key`. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])(?=[A-Z])/g, "$1_")
    .replace(/([A-Z])(?=[A-Z][a-z])/g, "$1_")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "" && !/^\d+$/.test(word))
    .map((word) => word.replace(/^(\D{2,}?)\d+$/, "$1"));
}

/** Names come again and again in one text. */
const told = new Map<string, Secrecy | null>();

/** Whether a name says that its value is secret. */
export function secrecyOf(name: string): Secrecy | null {
  const known = told.get(name);
  if (known !== undefined) return known;
  const secrecy = judge(name);
  if (told.size >= 1000) told.clear();
  if (name.length <= 100) told.set(name, secrecy);
  return secrecy;
}

function judge(name: string): Secrecy | null {
  const words = wordsOf(name.slice(-200));
  while (words.length > 1 && NEUTRAL.has(words.at(-1) ?? "")) words.pop();
  const last = words.at(-1) ?? "";
  const before = words.at(-2) ?? "";
  if (SURE.has(last) || GLUED.test(last)) return "sure";
  if (last === "pass" && before !== "") return "sure";
  if (last === "key" && before === "") return null;
  if (last === "key" || last === "keys")
    return PLAIN_KEYS.has(before) ? null : SECRET_KEYS.has(before) ? "sure" : "maybe";
  // The password of an application that logs in to Vault.
  if (last === "id" && before === "secret") return "maybe";
  if (last === "auth" && name.startsWith("_")) return "sure";
  return MAYBE.has(last) || SESSION.test(last) ? "maybe" : null;
}

/** True when a variable of this name may hold a secret: any of its words says so, unless the last one says that it is about a secret. */
export function mayHoldSecret(name: string): boolean {
  const words = wordsOf(name);
  // The shell's names of directories.
  if (/^(?:OLD)?PWD$/.test(name)) return false;
  if (ABOUT.has(words.at(-1) ?? "")) return false;
  return words.some(
    (word) => SURE.has(word) || MAYBE.has(word) || GLUED.test(word) || word === "cookie" || word === "dsn",
  );
}
