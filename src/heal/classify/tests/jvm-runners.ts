import { namings } from "./runner.ts";

const RAISED =
  /^(?:\[\w+\]\s+)?\s*(?:Caused by: )?(?:[\w$]+\.){1,12}[\w$]*(?:Exception|Error|Failure|Failed|Invocations|Condition)\w*\b/;

/** Runners of the Java virtual machine and of .NET. */
// biome-ignore format: one naming a line
export const JVM_RUNNERS = namings([
  ["surefire", "Time elapsed: ", /^(?:\[ERROR\]\s+)?\s{0,4}(?!Tests run)(\S.{0,300}?)\s+(?:--\s+)?Time elapsed: .{1,40}<<< (?:FAILURE|ERROR)!/, "[ERROR] com.acme.ATest.adds -- Time elapsed: 0.01 s <<< FAILURE!", { says: RAISED }],
  ["surefire", ["[ERROR]   ", "  "], /^(?:\[ERROR\])?\s{2,8}(?:Run \d+: )?((?:[a-z_][\w$]{0,60}\.){0,10}[A-Z][\w$]{1,100}\.[\w$]{1,100}(?:\[.{1,60}\])?(?::\d+|->[\w$.]{1,200}:\d+|(?= »))(?: .{0,300}| ».{0,300}|$))/, "[ERROR]   ATest.adds:12 expected:<3> but was:<2>", { listed: true, weak: true }],
  ["surefire", "(", /^(?:Failed tests:|Tests in error:)?\s{1,4}(\w[\w$[\]-]{1,200}\([\w.$]{3,300}\)(?:: .{0,300})?)$/, "  adds(com.acme.ATest): expected:<3> but was:<2>", { listed: true, below: /^(?:Failed tests:|Tests in error:|Results\s?:|\s{1,4}\w.{1,200}\(|$)/, weak: true }],
  ["gradle", " FAILED", /^\s{0,4}(?!> )(\S.{0,300}? > .{1,300}?) FAILED$/, "com.acme.ATest > adds() FAILED", { says: /^\s{2,}\S*(?:Exception|Error|Failure|Condition)|^\s{2,}Caused by|^\s{2,}\S/, end: /^$/ }],
  ["ant", "Testcase: ", /^\s{0,8}(?:\[junit\d?\] )?Testcase: (\S.{0,200}?)(?:\s?took .{1,30})?(?::?\s+(?:FAILED|Caused an ERROR))?$/, "    [junit] Testcase: adds(com.acme.ATest): FAILED", { above: /^\s{0,8}(?:\[junit\d?\] )?\s{0,8}(?:FAILED|Caused an ERROR)|(?:FAILED|Caused an ERROR)$/, says: /^(?!.{0,40}(?:FAILED|Caused an ERROR)\s*$)\s{0,8}(?:\[junit\d?\] )?\s{0,8}\S/ }],
  ["ant", "FAILED", /^\s{0,8}(?:\[junit\d?\] )?Test(?:suite:)? ((?:[\w$]+\.){1,12}[\w$]+) (?:FAILED|failed)/, "    [junit] Test com.acme.ATest FAILED", { listed: true }],
  ["ant", "FAILED", /^\s{0,8}(?:\[(?:junit|junitlauncher|testng)\w*\]\s+)?(?:Test: )?(\w[\w$.]{1,200}\(.{0,200}\)) took .{1,30} FAILED/, "Test: adds() took 15 sec(s) FAILED: expected 3", { says: RAISED }],
  ["junit-console", "[X]", /^\s{0,4}[│|]?\s{0,12}[├└+'`]─{1,2} (\S.{0,200}? \[X\].{0,300})$/u, "      └─ adds() [X] expected: <3> but was: <2>", { listed: true }],
  ["junit-console", "=> ", /^\s{2,8}=> ((?:[\w$]+\.){1,12}\w+: .{1,300})$/, "    => org.opentest4j.AssertionFailedError: expected: <3>", { listed: true, weak: true }],
  ["junit4", ") ", /^\d+\) (\w+\([\w.$]{3,300}\))$/, "1) adds(com.acme.ATest)", { says: RAISED }],
  ["testng", "FAILED: ", /^FAILED: (\w[\w.$]{1,300})(?:\(.{0,200}\))?$/, "FAILED: adds", { says: RAISED }],
  ["scalatest", "*** FAILED ***", /^(?:\[\w+\]\s?)?\s{0,12}(?:- )?(\S.{0,300}?) \*\*\* FAILED \*\*\*/, "[info] - adds *** FAILED ***", { says: /^(?:\[info\]\s+|\s{2,})\S/ }],
  ["munit", "==> X ", /^(?:\[\w+\]\s)?==> X (\S.{0,300}?)(?:\s+\d+\.\d+s.{0,200})?$/, "==> X com.acme.ASuite.adds  0.01s munit.ComparisonFailException", {}],
  ["specs2", ["[error]", "[info]"], /^\[(?:error|info)\]\s{1,12}[x!] (\S.{0,300})$/, "[error]   x adds two numbers", { weak: true, says: /^\[error\]\s+\S/ }],
  ["sbt", "[error] \t", /^\[error\] \t([\w.$]{3,300})$/, "[error] \tcom.acme.ASpec", { listed: true, weak: true }],
  ["clojure", [" in ("], /^(?:FAIL|ERROR) in (\(.{1,200}\))/, "FAIL in (adds-test) (a_test.clj:3)", { says: /^\s*(?:expected|actual):/, end: /^$/ }],
  ["midje", "at (", /^(FAIL (?:".{1,200}" )?at \(.{1,200}\))$/, "FAIL \"adds\" at (a_test.clj:3)", { says: /^\s+(?:Expected|Actual)/ }],
  ["xunit", "[FAIL]", /^\s{0,8}(?:\[xUnit\.net .{1,30}\]\s+)?([\w+]{1,100}(?:\.[\w+<>`]{1,100}){1,12}(?:\(.{0,200}\))?) \[FAIL\]$/, "[xUnit.net 00:00:00.52]     Acme.Tests.Adder.Adds [FAIL]", { says: /(?:Assert\.|Expected|Exception|Error)/ }],
  ["dotnet", "Failed ", /^\s{0,4}(?:X|Failed)\s+([\w.+]{3,300}.{0,200}?)\s+\[(?:< )?\d.{0,20}\]$/, "  Failed Acme.Tests.Adder.Adds [12 ms]", { says: /^\s+(?!Error Message:)(?:Assert|Expected|Actual|\S{0,200}Exception|\S.{0,200}(?:expected|but was))/ }],
  ["nunit", ") ", /^\d+\) ((?:Failed|Error|Invalid|Test Failure|Test Error) : .{1,300})$/, "1) Failed : Acme.Tests.Adder.Adds", { says: /^\s*(?:Expected|But was|\S{0,200}Exception|\S)/ }],
]);
