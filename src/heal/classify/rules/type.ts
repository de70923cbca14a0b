import { rules } from "../rule.ts";

const DEEP = { deep: true } as const;

/** Type checkers, and compilers where the finding is about types alone. */
// biome-ignore format: one rule a line, as in the tables of the rubric
export const TYPE = rules("type", [
  ["tsc", "tsc", 0.95, "TS", /\berror TS(?!1\d{3}\b|2307\b)\d{4,5}\b|\bTS(?!1\d{3}\b|2307\b)\d{4,5} \[ERROR\]/, "src/a.ts(2,51): error TS2551: Property 'nam' does not exist on type 'User'.", DEEP],
  ["next-type-error", "next", 0.93, "Type error: ", /^\s*Type error: /, "Type error: Cannot find namespace 'React'."],
  ["svelte-check", "svelte-check", 0.94, "svelte-check found", /svelte-check found [1-9]\d* errors?/, "svelte-check found 3 errors and 0 warnings in 2 files"],
  ["astro-check", "astro", 0.92, ["Result (", "- "], /^Result \(\d+ files?\):/, "Result (14 files):"],
  ["type-not-assignable", "any", 0.85, "is not assignable to", /Type '.{1,300}' is not assignable to type|is not assignable to parameter of type/, "Error: Type 'string' is not assignable to type 'number'. (ts)", DEEP],
  ["flow-error", "flow", 0.93, "Error -", /^Error -{5,200} \S+:\d+:\d+$/, "Error ------------------------------------------ a.js:2:21"],
  ["flow-code", "flow", 0.93, ["[incompatible-", "[prop-missing]", "[invalid-"], /\[(?:incompatible-[a-z-]+|prop-missing|invalid-[a-z-]+)\]$/, "Cannot assign `\"x\"` to `n` because string is incompatible with number. [incompatible-type]"],
  ["pyright", "pyright", 0.95, " - error: ", /:\d+:\d+ - error: .{3,400}\(report\w+\)$/, "  /src/a.py:3:5 - error: \"x\" is not a known attribute of \"None\" (reportOptionalMemberAccess)"],
  ["pyright-summary", "pyright", 0.93, " informations", /^[1-9]\d* errors?, \d+ warnings?, \d+ (?:informations?|notes?)/, "3 errors, 0 warnings, 0 informations"],
  ["mypy", "mypy", 0.94, "error:", /^\S{1,300}\.pyi?:\d+(?::\d+)?: error: .{3,400}\[(?!import|syntax)[a-z-]{3,40}\]$/, "src/a.py:2: error: Incompatible return value type (got \"int\", expected \"str\")  [return-value]"],
  ["mypy-summary", "mypy", 0.93, "Found ", /^Found [1-9]\d* errors? in [1-9]\d* files? \((?:checked|errors prevented)/, "Found 3 errors in 1 file (checked 1 source file)"],
  ["pyre", "pyre", 0.93, "[", /^\S{1,300}\.py:\d+:\d+ [A-Z][\w ]{3,60} \[\d{1,3}\]: /, "src/a.py:2:4 Incompatible return type [7]: Expected `str` but got `int`."],
  ["pytype", "pytype", 0.93, ["[wrong-arg", "[attribute-error]", "[bad-return-type]", "[annotation-type-mismatch]", "[unsupported-operands]"], null, "File \"a.py\", line 3, in f: bad return type [bad-return-type]"],
  ["ty", "ty", 0.9, "error[", /^error\[(?:invalid|possibly|missing|unsupported|not|call|index|too|unknown)-[a-z-]{3,60}\]: .{0,300}(?:type|argument|attribute|assign|return|overload|parameter|subscript)/i, "error[invalid-argument-type]: Argument to function `f` is incorrect"],
  ["sorbet", "sorbet", 0.95, "srb.help/", /https:\/\/srb\.help\/\d{4}/, "a.rb:3: Expected Integer but found String for argument x https://srb.help/7002"],
  ["steep", "steep", 0.92, "Detected ", /^Detected [1-9]\d* problems? from [1-9]\d* files?/, "Detected 2 problems from 1 file"],
  ["phpstan", "phpstan", 0.9, "[ERROR] Found", /^\s*\[ERROR\] Found [1-9]\d* errors?$/, "[ERROR] Found 3 errors"],
  ["psalm", "psalm", 0.93, "ERROR: ", /^ERROR: [A-Z]\w{4,60} - \S{1,300}:\d+:\d+ - /, "ERROR: InvalidArgument - src/A.php:3:5 - Argument 1 expects int, string provided"],
  ["dialyzer", "dialyzer", 0.93, ["has no local return", "breaks the contract", "done (warnings were emitted)", "will never return since"], null, "lib/a.ex:3:no_return Function f/0 has no local return."],
  ["rust-types", "rustc", 0.92, "error[E0", /^error\[E0(?:308|277|369|282|283|271|053|107|061|605|606|604|614|600|070|191|220|038|195|049|050)\]/, "error[E0308]: mismatched types"],
  ["go-types", "go", 0.92, [".go:"], /\.go:\d+:\d+: (?:cannot use .{1,200} as .{1,200}|invalid operation: .{0,200}mismatched types|cannot convert|impossible type|too many arguments in call|not enough arguments in call|assignment mismatch|.{1,200} does not implement )/, "./a.go:3:43: cannot use s (variable of type string) as type int in return statement"],
  ["ghc-types", "ghc", 0.9, ["Couldn't match", "Couldn't match", "No instance for"], /Couldn['’]t match (?:expected )?type|No instance for .{1,200} arising from/, "    • Couldn't match expected type ‘Int’ with actual type ‘[Char]’"],
  ["ocaml-types", "ocaml", 0.93, "This expression has type", null, "Error: This expression has type string but an expression was expected of type int"],
  ["elm-types", "elm", 0.95, "TYPE MISMATCH", /^-- TYPE MISMATCH -/, "-- TYPE MISMATCH ------------------------------------------ src/Main.elm"],
  ["gleam-types", "gleam", 0.92, "error: Type mismatch", null, "error: Type mismatch"],
  ["purescript-types", "purescript", 0.9, "Could not match type", null, "  Could not match type"],
  ["hack", "hack", 0.94, "Typing[", /^Typing\[\d{4}\] /, "Typing[4110] Invalid return type [1]"],
  ["type-coverage", "type-coverage", 0.6, "type-coverage", /type-coverage.{0,60}(?:failed|lower than)/i, "The type coverage rate(98.1%) is lower than the target(99%). type-coverage failed"],
  ["type-check-failed", "any", 0.8, ["type check", "type-check", "typecheck"], /\btype[- ]?check(?:ing)?(?: has)? failed|[1-9]\d* type errors?\b/, "error: Type checking failed.", { ignoreCase: true }],
]);
