import { namings } from "./runner.ts";

const JS_SAYS =
  /^\s*(?:\w*(?:Error|Exception)\b(?: \[\w+\])?(?::|$)|Expected\b|expect\(|Expected:|Message:|Timed out|Timeout|thrown:)/;

/** Runners of JavaScript, TypeScript, Dart and Elm, in a browser or outside. */
// biome-ignore format: one naming a line
export const WEB_RUNNERS = namings([
  ["vitest", "FAIL ", /^\s{0,3}FAIL\s+(?:\|?[\w@/-]{1,40}\|?\s+)?(\S{1,300}\.\w{1,6}(?: > .{1,300}| \[ .{1,300} \]))$/, " FAIL  src/a.test.ts > adds > two numbers", { says: JS_SAYS, end: /^\s*⎯{3,}/ }],
  ["jest", "● ", /^\s{0,6}● (?!Console|Cannot log after|Deprecation|Validation)(\S.{0,300})$/, "  ● adds › two numbers", { says: JS_SAYS, end: /^(?:PASS|FAIL|Tests:|Test Suites:|Summary of all)/ }],
  ["jest", "FAIL ", /^\s{0,3}FAIL\s+(?:[\w@/-]{1,40}\s+)?(\S{1,300}\.\w{1,6})(?: \(\d.{0,40}\))?$/, "FAIL src/a.test.js (5.1 s)", { listed: true }],
  ["playwright", "› ", /^\s{0,6}\d{1,4}\) ((?:\[[\w .-]{1,60}\] › )?\S{1,300}:\d+:\d+ › .{1,300}?)(?: [─=]{2,400})?$/, "  1) [chromium] › a.spec.ts:3:1 › adds ─────", { says: JS_SAYS }],
  ["mocha", ") ", /^\s{1,4}\d{1,4}\) (\S.{0,300})$/, "  1) adds", { above: /^\s{4,}\S.{0,300}:$/, joins: true, says: JS_SAYS, weak: true }],
  ["jasmine", ") ", /^\d{1,4}\) (\S.{0,300})$/, "1) Adder adds", { above: /^\s+(?:Message:|- )/, says: /^\s{4,}\S/ }],
  ["mocha", ") ", /^\s{2,24}\d{1,4}\) (\S.{0,300})$/, "    1) adds two numbers", { weak: true, listed: true }],
  ["karma", " FAILED", /^\S.{3,120}\) (\S.{1,300}) FAILED$/, "Chrome Headless 120.0 (Linux x86_64) Adder adds FAILED", { says: JS_SAYS }],
  ["ava", "[fail]: ", /^\s{0,6}✘ \[fail\]: (.{1,300})$/, "  ✘ [fail]: adds Error thrown in test", { says: /^\s{1,6}(?:Difference|Value |Error|\w{1,40}Error\b|\S.{0,80}threw)/ }],
  ["tap", "not ok ", /^\s{0,12}not ok \d+(?: - | )(?!.{0,300}# (?:TODO|SKIP|todo|skip))(\S.{0,300})$/, "not ok 2 - adds", { says: /^\s+(?:message|error|failureType|expected|actual|found|wanted|operator): ?\S|^#\s+(?:Failed|got|\()/, end: /^\s{0,12}(?:ok|not ok) \d/ }],
  ["node", "✖ ", /^\s{0,12}✖ (\S.{0,300}?) \(\d+(?:\.\d+)?ms\)(?: # .{0,200})?$/, "✖ adds two numbers (0.8ms)", { says: JS_SAYS }],
  ["vitest", ["× ", "✗ ", "✖ ", "❯ "], /^\s{2,12}[×✗✖] (\S.{0,300}?)(?: \d+ ?ms)?$/, "   × adds two numbers 3ms", { listed: true, weak: true }],
  ["bun", "(fail) ", /^\(fail\) (\S.{0,300}?)(?: \[\d.{1,20}\])?$/, "(fail) adds > two numbers [0.12ms]", { since: /^\S{1,300}:$|^\((?:pass|fail|skip)\)/, says: /^\s*error: / }],
  ["deno", " => ", /^(\S.{0,200} => \S{1,300}:\d+:\d+)$/, "adds => ./a_test.ts:3:6", { says: /^error: / }],
  ["deno", " ... FAILED", /^\s{0,12}(\S.{0,200}?) \.\.\. FAILED(?: \(.{1,80}\))?$/, "adds ... FAILED (5ms)", { listed: true, weak: true }],
  ["testcafe", "✖ ", /^\s{1,4}✖ (\S.{0,200})$/, " ✖ adds two numbers", { weak: true }],
  ["dart", " [E]", /^\d\d:\d\d \+\d+(?: ~\d+)? -\d+: (\S.{0,300}?) \[E\]$/, "00:01 +3 -1: test/a_test.dart: adds [E]", { says: /^\s+(?:Expected:|Actual:|\S.{0,100}(?:Exception|Error))/ }],
  ["elm-test", "✗ ", /^✗ (.{1,300})$/, "✗ adds two numbers", { says: /^\s+[│|] |Expect\./, weak: true }],
]);
