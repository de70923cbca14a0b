/** What stands for a value that only the run shows. */
const UNKNOWN = "$_";

/** A text is not made longer than this many times by its own values. */
const MAX_GROWTH = 8;

/**
 * A shell text, or a build file, with the values of its own variables in it, as far as the text says them. What it does not say (a
 * substitution, an argument) becomes a variable without a value.
 */
export function withValues(text: string): string {
  let now = decoded(text).replace(/`[^`]{0,2000}`/g, UNKNOWN);
  const values = valuesIn(now);
  for (let pass = 0; pass < 6; pass += 1) {
    const next = now
      .replace(
        /\$[({](\w+)(?::?[-=]([^{}()\n]{0,300}))?[)}]/g,
        (_, name, other) => values.get(name) ?? other ?? UNKNOWN,
      )
      .replace(/\$(\w+)/g, (_, name) => values.get(name) ?? UNKNOWN)
      .replace(/\$\$?\([^()]{0,2000}\)|\$\{[^{}]{0,2000}\}/g, UNKNOWN);
    if (next === now || next.length > text.length * MAX_GROWTH + 10_000) break;
    now = next;
  }
  return now;
}

/** `$'\x61'` as `'a'`. */
function decoded(text: string): string {
  return text.replace(/\$'((?:[^'\\\n]|\\.){0,2000})'/g, (_, inner: string) => {
    const plain = inner
      .replace(/\\x([0-9a-f]{1,2})|\\u([0-9a-f]{1,4})/gi, (_, a, b) => String.fromCharCode(Number.parseInt(a ?? b, 16)))
      .replace(/\\([0-7]{1,3})/g, (_, a) => String.fromCharCode(Number.parseInt(a, 8)));
    return `'${plain}'`;
  });
}

/** Values by variable; those of a loop are all that it goes through. */
function valuesIn(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>([["MAKE", "make"]]);
  const add = (name: string, value: string) => {
    const known = values.get(name);
    const plain = value.trim().replace(/^(["'])(.*)\1$/s, "$2");
    // A value that is made of itself (`PATH=x:$PATH`) says nothing new.
    if (plain === "" || new RegExp(`\\$[({]?${name}\\b`).test(plain)) return;
    if (known === undefined) values.set(name, plain);
    else if (known.length < 2_000 && !known.split(" ").includes(plain)) values.set(name, `${known} ${plain}`);
  };
  const assigned =
    /(?:^|[\s;&|(])([A-Za-z_]\w*)\s?[?:+!]{0,3}=[ \t]*("[^"\n]{0,500}"|'[^'\n]{0,500}'|[^\s;&|]{1,500})/gm;
  for (const [, name = "", value = ""] of text.matchAll(assigned)) add(name, value);
  for (const [, name = "", value = ""] of text.matchAll(/^([A-Za-z_]\w*)[ \t]*[?:+!]{0,3}=[ \t]*(\S[^\n#]{0,500})/gm))
    add(name, value);
  for (const [, name = "", list = ""] of text.matchAll(/\bfor\s+(\w+)\s+in\s+([^;\n]{1,2000})/g)) add(name, list);
  return values;
}
