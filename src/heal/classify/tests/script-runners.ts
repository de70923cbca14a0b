import { namings } from "./runner.ts";

const PYTEST_END = /^(?:=+ .{1,200} =+$|_{5,} |-+ Captured )/;
const UNITTEST_END = /^(?:={20,}$|Ran \d+ tests?)/;
const PYTHON_RAISED = /^(?:E\s+)?(?:\w+\.){0,8}\w*(?:Error|Exception|Warning|Failure|Failed|Exit|Interrupt|Timeout)\b/;

const SCENARIO = /^\s*(?:Scenario|Example|Background)\b/;
const MINITEST_SAYS = /^(?:\s*Expected|\s*Actual|\w+(?:::\w+)*(?:Error|Exception)|.{0,200}(?:expected|Expected)|\S)/;

/** Runners of Python, Ruby, PHP, Perl, Lua and R. */
// biome-ignore format: one naming a line
export const SCRIPT_RUNNERS = namings([
  ["pytest", ["FAILED ", "ERROR "], /^(?:FAILED|ERROR) (\S{1,300}\.py(?:::.{1,300})?)$/, "FAILED tests/test_a.py::TestA::test_adds - assert 2 == 3", { listed: true }],
  ["pytest", ["___ ", "_ ERROR"], /^_{2,} ?(?:ERROR (?:collecting|at (?:setup|teardown) of) )?(?!coverage\b|summary\b|.{0,80}: )(\S.{0,300}?) ?_{2,}$/, "______________ TestA.test_adds ______________", { says: /^E {2,}\S/, end: PYTEST_END }],
  ["pytest", ["FAILED", "ERROR"], /^(?:\[gw\d+\] .{0,20})?(\S{1,300}\.py::\S.{0,300}?) (?:FAILED|ERROR)(?:\s+\[\s*\d+%\])?$|^\[gw\d+\] \[\s*\d+%\] (?:FAILED|ERROR) (\S{1,300}\.py::\S.{0,300})/, "tests/test_a.py::test_adds FAILED       [ 50%]", { listed: true }],
  ["pytorch", ["FAILED CONSISTENTLY", "failed consistently", "failed!"], /^(?:.{0,40}(?:FAILED CONSISTENTLY|failed consistently): (\S.{1,300})|(\S{2,100} \d+\/\d+ failed!.{0,200}))$/, "test_ops 3/4 failed!", { listed: true }],
  ["unittest", ": ", /^([A-Z]\w{2,40}: \S.{0,300})$/, "FAIL: test_adds (tests.test_a.TestA)", { below: /^={20,}$/, says: PYTHON_RAISED, end: UNITTEST_END }],
  ["nose", [" ... FAIL", " ... ERROR"], /^(\S.{1,200}?) \.\.\. (?:FAIL|ERROR)$/, "test_adds (tests.test_a.TestA) ... FAIL", { listed: true, weak: true }],
  ["stestr", "FAILED", /^(?:\{\d+\} )?([\w.]{5,300}(?:\[.{1,80}\])?) (?:\[\d+\.\d+s\] )?\.\.\. FAILED$/, "{0} tests.unit.test_a.TestA.test_adds [0.01s] ... FAILED", { listed: true }],
  ["doctest", "File \"", /^File "(.{1,300}", line \d+, in \S{1,200})$/, "File \"a.py\", line 3, in a.adds", { below: /^\*{20,}$/, says: /^(?:Expected:|Got:|Exception raised:)/, end: /^\*{20,}$/ }],
  ["behave", ".feature:", /^\s{2}(\S{1,300}\.feature:\d+\s{1,4}\S.{0,200})$/, "  features/a.feature:12  Adds two numbers", { since: SCENARIO }],
  ["robot", "| FAIL |", /^(\S.{0,200}?)\s+\| FAIL \|$/, "Adds two numbers                                      | FAIL |", { end: /^-{20,}$/ }],
  ["rspec", "rspec ", /^(rspec \S{0,10}\.{0,2}\/?\S{1,300}(?::\d+|\[[\d:]+\]).{0,200})$/, "rspec ./spec/a_spec.rb:12 # A adds", { listed: true }],
  ["rspec", ") ", /^\s{1,4}\d{1,4}\) (\S.{0,300})$/, "  1) A adds", { above: /^\s+(?:Failure\/Error:|Got \d+ failures)|^\s+\S{1,200}_spec\.rb:\d+/, says: /^\s+(?:Failure\/Error: |expected|Expected|got: |\w+(?:::\w+)*(?:Error|Exception))/, end: /^(?:Failed examples|Finished in|\d+ examples?)/ }],
  ["minitest", "[", /^\s{0,4}([A-Z][\w:]{1,200}#\w.{0,200}? \[\S{1,300}:\d+\]|test_\w{1,200}\([A-Z][\w:]{1,200}\) \[\S{1,300}:\d+\]):$/, "TestA#test_adds [test/a_test.rb:3]:", { says: MINITEST_SAYS, end: /^$/ }],
  ["minitest", "#", /^\s{0,4}([A-Z][\w:]{1,200}#\w.{0,200}?):$/, "TestA#test_adds:", { below: /(?:Failure|Error):$/, says: MINITEST_SAYS, end: /^$/ }],
  ["test-unit", ["Failure: ", "Error: "], /^(?:Failure|Error): (test\w{0,200}\(.{1,200}\).{0,100})/, "Failure: test_adds(TestA): <3> expected but was <2>", {}],
  ["rails", ["rails test ", "rake test "], /^((?:bin\/)?(?:rails|rake) test \S{1,300}:\d+)$/, "bin/rails test test/a_test.rb:3", { listed: true }],
  ["cucumber", "cucumber ", /^(cucumber .{0,60}\S{1,300}\.feature:\d+.{0,200})$/, "cucumber features/a.feature:12 # Scenario: adds", { since: SCENARIO }],
  ["cucumber", "Scenario", /^\s{0,6}\d+\) (Scenario(?: Outline)?: .{1,300})$/, "1) Scenario: adds # features/a.feature:3", { says: /^\s+(?:✖|\w*Error|Undefined)/ }],
  ["phpunit", "::", /^\d{1,4}\) ([\w\\]{2,200}::\w.{0,200})$/, "1) Tests\\ATest::testAdds", { says: /^(?=\S)(?!.{0,40}\/.{1,200}:\d+$)/, end: /^(?:\d+\) |--$|FAILURES!|ERRORS!)/ }],
  ["pest", ["FAILED  ", "⨯ "], /^\s{0,6}(?:⨯ (\S.{0,200})|FAILED\s{2,}(\S.{1,300}))$/, "   FAILED  Tests\\Feature\\ATest > it adds", { weak: true }],
  ["behat", ".feature:", /^\s{4}(\S{1,300}\.feature:\d+)$/, "    features/a.feature:12", { listed: true }],
  ["codeception", ") ", /^\d{1,4}\) (\w+(?:Cest|Cept|Test): .{1,200})$/, "1) ACest: Adds", {}],
  ["phpspec", "✘", /^\s{2,8}\d+\s+✘ (.{1,200})$/, "  12  ✘ it adds", {}],
  ["prove", "Failed test", /^#\s+Failed (?:\(TODO\) )?test (?:'(.{1,200})'|\d+|#\d+|at .{1,200})/, "#   Failed test 'adds'", { says: /^#\s+(?:got:|expected:|'|doesn't match|Structures begin)/ }],
  ["prove", ".t", /^(\S{1,200}\.t)\s+(?:\.+.{0,40}(?:Failed|Dubious|dubious)|\(Wstat: [1-9]\d*)/, "t/a.t (Wstat: 256 (exited 1) Tests: 3 Failed: 1)", { listed: true }],
  ["testthat", ["Failure", "Error"], /^[─—-]{1,4} (?:\d+\. )?(?:Failure|Error)(?: \((.{1,200}?)\))?: (?:.{1,200}?) ?[─—-]{1,200}$/, "── Failure ('test-a.R:3:3'): adds ──────────", { says: /^\S/ }],
  ["busted", " → ", /^(?:Failure|Error) → (\S.{1,300})$/, "Failure → spec/a_spec.lua @ 3", { says: /^\S{1,300}\.lua:\d+: / }],
  ["plenary", "||", /^Fail\s+\|\|\s+(.{1,300})$/, "Fail\t||\tadds two numbers", {}],
  ["luaunit", ") ", /^\d+\) (\w+\.test\w*)$/i, "1) TestA.testAdds", {}],
  ["bats", "✗ ", /^\s{1,4}✗ (\S.{0,300})$/, " ✗ adds two numbers", { says: /^\s{3,}`/, weak: true }],
  ["shellspec", ") ", /^\s{2}\d{1,4}\) (\S.{0,300})$/, "  1) adds two numbers", { above: /^\s+(?:When |\d+\.\d+\) )/, says: /^\s+(?:expected:|\d+\.\d+\) )/ }],
  ["shellspec", "shellspec ", /^(shellspec \S{1,300}:\d+.{0,200})$/, "shellspec spec/a_spec.sh:3 # 1) adds FAILED", { listed: true }],
  ["shunit2", "ASSERT:", /^(ASSERT:.{1,300})$/, "ASSERT:expected:<1> but was:<2>", { listed: true }],
]);
