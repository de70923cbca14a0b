import type { Rule } from "../rule.ts";

/** Who only serves a step: what goes wrong with it does not fail what the step is for. */
const SERVICES: readonly RegExp[] = [
  // Caches of compilers and builds.
  /\b(?:sccache|ccache|buildcache|clcache|distcc|bazel-remote|remote cache|build cache|turborepo cache|nx cloud|gradle build cache)\b/i,
  // What stores or fetches caches, artifacts and reports beside the step's work.
  /\b(?:upload|sav|restor|stor|publish|report|send|submit|post)(?:s|ed|e|ing)?\b.{0,40}\b(?:cache|artifacts?|metrics?|metadata|statistics|stats|telemetry|analytics|annotations?|coverage|test (?:report|result)s?|usage|logs to)\b/i,
  /\b(?:cache|artifacts?|metrics?|telemetry|coverage) (?:upload|service|save|restore|storage)\b/i,
  // Services that only look on.
  /\b(?:codecov|coveralls|code ?climate|datadog|sentry|honeycomb|new relic|buildpulse|launchable|codacy|deepsource|scribe|buildkite analytics|test analytics)\b/i,
  // What a program calls a warning itself.
  /^\W{0,4}(?:\S{1,200}:\d+: )?\w{0,30}Warning: |^\W{0,4}(?:\d{4}-\S{1,30} )?\[?(?:warn|warning|WARN|WARNING)\b\]?|^npm (?:warn|WARN)\b|^W: |^W\d{4} /,
  // What a program says itself that it did without.
  /\b(?:using (?:the |a )?(?:local |stale )?(?:cache|cached \w+|fallback|default)s?(?: instead)?|falling back to|continuing without|proceeding without|will be ignored)\b/i,
  // The machine's own set-up, which goes on.
  /^\s*sudo: (?:setrlimit|unable to resolve host)|^sed: cannot rename \/etc|^(?:dpkg|debconf|gpg|update-alternatives|invoke-rc\.d|systemctl): (?:warning|error|unable)|^chown: changing ownership|^modprobe: /i,
];

/** Whether a side service, a warning or the set-up of the machine says this, and not what the step is for. */
export function isAside(text: string): boolean {
  return SERVICES.some((service) => service.test(text));
}

/** Programs whose work needs rights elsewhere: their refusals are failures of their own. */
const NEEDS_RIGHTS =
  /^(?:git|gh|glab|hub|docker|podman|skopeo|oras|crane|buildah|npm|pnpm|yarn|twine|gem|cargo|nuget|mvn|gradle|aws|gcloud|gsutil|az|kubectl|oc|helm|terraform|tofu|pulumi|cdk|sam|serverless|ssh|scp|rsync|sftp|curl|wget|vercel|netlify|wrangler|firebase|flyctl|heroku|semantic-release|goreleaser|changeset|lerna|fastlane)$/;

/** Whether a program works with accounts, registries or remote places. */
export function needsRights(program: string): boolean {
  return NEEDS_RIGHTS.test(program);
}

/** Whether a program reports its own end on this line, and does not only mention something. */
export function isOwnError(text: string): boolean {
  return /^\W{0,3}(?:fatal|FATAL|remote|error|Error|ERROR|npm (?:ERR!|error)|denied|unauthorized|permission denied|Permission denied|[\w./-]{1,60}: (?:line \d+: )?[\w./ '-]{1,200}: (?:Permission denied|Operation not permitted)$)/.test(
    text,
  );
}

/** How reporters of tests quote what was raised inside a test: `java.lang.OutOfMemoryError at ATest.java:12`. */
const QUOTED = /^\s*(?:[\w$]+\.){0,12}[\w$]*(?:Error|Exception) at \S{1,200}\.\w{1,8}:\d+$/;

/** Whether the line only quotes what happened inside a test. */
export function isQuotedByTest(text: string): boolean {
  return QUOTED.test(text);
}

const NAME = /[\w./\\@+-]/;
const FILE_END =
  /\.(?:png|jpe?g|gif|svg|webp|pdf|md|txt|json|ya?ml|toml|xml|html?|css|js|mjs|cjs|jsx|ts|tsx|py|rb|php|java|kt|scala|go|rs|c|cc|cpp|h|hpp|cs|swift|sql|sh|snap|lock|class|o|obj|jar|gz|zip|adoc|rst|feature)$/;

/** Whether all that a rule finds on a line stands inside the name of a file or of something longer: names do not speak. */
export function isInsideName(text: string, rule: Rule): boolean {
  const searched = rule.ignoreCase ? text.toLowerCase() : text;
  const places = rule.find.flatMap((literal) => {
    const at = searched.indexOf(literal);
    return at < 0 ? [] : [{ at, literal }];
  });
  return places.length > 0 && places.every(({ at, literal }) => standsInName(text, at, literal));
}

function standsInName(text: string, at: number, literal: string): boolean {
  if (/\s/.test(literal.trim())) return false;
  let from = at;
  let to = at + literal.length;
  while (from > 0 && at - from < 300 && NAME.test(text[from - 1]!)) from--;
  while (to < text.length && to - at < 300 && NAME.test(text[to]!)) to++;
  const name = text.slice(from, to).replace(/[.]+$/, "");
  if (FILE_END.test(name) && name.length > literal.length) return true;
  return /^[A-Z]/.test(literal) && /[a-z0-9_]/.test(text[at - 1] ?? "");
}

/** Causes that the next run meets again: what is blocked, gone or was never there. */
const LASTING =
  /[Bb]locked mirror|http-blocker|\b(?:404|410|451)\b|\b[Nn]ot [Ff]ound\b|has been (?:retired|discontinued|shut ?down|removed|deprecated)|no longer (?:available|supported|maintained)|is not supported anymore|HTTPS Required|501 |\b(?:bintray|jcenter|code\.google|googlecode|rubyforge|codehaus|java\.net\/maven|gopkg\.in\/\S+\.v0|git\.io)\b|unauthenticated git protocol|certificate verif\w+ failed|certificate has expired|self[- ]signed certificate|unable to get local issuer|x509: certificate|CERTIFICATE_VERIFY_FAILED/;

/** Whether running the same again would meet the same, although the words are those of a transient failure. */
export function isLasting(text: string): boolean {
  return LASTING.test(text);
}

/** A server of the job itself: this machine, a neighbour without a domain, or a path that is asked without a host. */
const OWN_SERVER =
  /\b(?:localhost|127\.0\.0\.1|0\.0\.0\.0|host\.docker\.internal)\b|\[?::1\]?:\d|\b(?:ENOTFOUND|EAI_AGAIN|UnknownHostException:|[Rr]esolve host:?|host name) ["']?[a-zA-Z][\w-]{0,62}(?![\w.-])|\blookup [\w-]{1,63} on\b|\b(?:GET|POST|PUT|PATCH|DELETE|HEAD) \/[\w/-]/;
/** An address elsewhere, which a proxy on this machine may have been asked for. */
const ELSEWHERE = /\bhttps?:\/\/(?!localhost\b|127\.|0\.0\.0\.0)[\w-]{1,63}\.\w/;

/** Whether what did not answer is the job's own: running again starts the same. */
export function isOwnServer(text: string): boolean {
  return OWN_SERVER.test(text) && !ELSEWHERE.test(text);
}
