/** What a program does with the words behind it, as far as running text of the repository goes. */
export type ToolRole =
  /** It runs the first file behind it, and hands that the rest. */
  | { readonly is: "interpreter"; readonly language: string | null }
  /** It loads the project's own program text of a language. */
  | { readonly is: "project"; readonly language: string }
  /** It runs the program behind it. */
  | { readonly is: "wrapper" }
  /** It reads the files behind it, and runs none of them. */
  | { readonly is: "reader" }
  /** A tool of the shell: what it reads may be handed on to a program that runs it. */
  | { readonly is: "plain" }
  /** Nothing is known of it: it may run a file that it is given, not all of a folder. */
  | { readonly is: "unknown" };

const INTERPRETERS: readonly (readonly [RegExp, string | null])[] = [
  [/^(?:sh|bash|dash|ash|zsh|ksh|fish|csh|pwsh|powershell|\.|source|eval|ansible-playbook)$/, null],
  [
    /^(?:node|nodejs|bun|tsx|ts-node(?:-esm)?|esno|jiti|zx|swc-node|babel-node|nodemon|deno|electron|coffee|vite-node|esbuild-runner|esr)$/,
    "js",
  ],
  [/^(?:python|pypy|pythonw)[\d.]*$|^(?:py|ipython)$/, "python"],
  [/^(?:ruby|jruby|irb|erb)[\d.]*$/, "ruby"],
  [/^php[\d.]*$/, "php"],
  [/^perl[\d.]*$/, "perl"],
  [/^(?:lua|luajit|luau|texlua)[\d.]*$/, "lua"],
  [/^(?:Rscript|R)$/, "r"],
  [/^(?:java|groovy|kotlin|kotlinc|scala|scala-cli|jbang|clojure|clj|bb|jshell)$/, "jvm"],
  [
    /^(?:dart|julia|osascript|tclsh|expect|racket|guile|emacs|vim|nvim|elixir|escript|erl|flutter|runghc|ocaml|nim|crystal)$/,
    "other",
  ],
];

const PROJECT: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:jest|vitest|mocha|ava|tap|node-tap|jasmine|karma|cypress|playwright|webpack|vite|rollup|tsup|tsdown|parcel|next|nuxt|nuxi|astro|gatsby|remix|ng|nest|storybook|sb|gulp|grunt|hygen|plop|nx|turbo|lerna|rush|moon|wireit|wsrun|ember|quasar|expo|metro|typeorm|knex|mikro-orm|sequelize(?:-cli)?|drizzle-kit|jscodeshift|api-extractor|size-limit|lage)$/,
    "js",
  ],
  [
    /^(?:pytest|py\.test|tox|nox|hatch|django-admin|alembic|flask|sphinx-build|ward|behave|robot|scons|invoke|inv|fab|doit|pants|luigi|dvc|kedro|mkdocs)$/,
    "python",
  ],
  [/^(?:rake|rails|rspec|cucumber|thor|guard|jekyll|fastlane|pod)$/, "ruby"],
  [/^(?:phpunit|pest|phing|artisan|codecept|behat|rector|phpstan|psalm)$/, "php"],
  [/^(?:mvn|mvnw|gradle|gradlew|sbt|mill|ant|lein|bazel|bazelisk|buck2?|kotlinter)$/, "jvm"],
  [/^(?:dotnet|msbuild|nuke|cake)$/, "dotnet"],
  [/^(?:cmake|meson|ninja|xcodebuild|zig|swift|scons|waf|conan)$/, "native"],
  [/^(?:mix|rebar3|gleam|iex)$/, "beam"],
  [/^prove$/, "perl"],
];

/** Formatters, linters, generators and the like: what they load of the repository is configuration. */
const READERS =
  /^(?:prettier|prettierd|eslint|eslint_d|biome|oxlint|oxfmt|rome|dprint|standard|xo|tslint|stylelint|stylelint-config|markdownlint(?:-cli2?)?|textlint|alex|cspell|knip|depcheck|tsc|vue-tsc|svelte-check|swc|esbuild|terser|svgo|sort-package-json|syncpack|manypkg|htmlhint|ruff|black|isort|autopep8|yapf|flake8|pylint|autoflake|pyupgrade|docformatter|mypy|pyright|bandit|codespell|typos|gofmt|gofumpt|goimports|golangci-lint|staticcheck|revive|buf|protoc|sqlc|sqlfluff|sqlfmt|pgformatter|rustfmt|taplo|clang-format|clang-tidy|cmake-format|uncrustify|astyle|shfmt|shellcheck|hadolint|yamllint|yamlfmt|jq|yq|xmllint|tidy|terraform|tofu|tflint|terragrunt|packer|nixfmt|alejandra|nixpkgs-fmt|ktlint|ktfmt|google-java-format|detekt|checkstyle|scalafmt|swiftformat|swiftlint|swift-format|rubocop|standardrb|erb-lint|erblint|haml-lint|php-cs-fixer|phpcs|phpcbf|pint|stylua|luacheck|selene|ormolu|fourmolu|hlint|stylish-haskell|ocamlformat|zprint|cljfmt|clj-kondo|perltidy|buildifier|addlicense|license-eye|graphql-codegen|openapi-generator(?:-cli)?)$/;

const PLAIN =
  /^(?:echo|printf|cat|cp|mv|rm|mkdir|touch|test|\[|true|false|grep|rg|sort|uniq|head|tail|tr|cut|tee|ls|git|diff|wc|date|sleep|cd|pushd|popd|export|set|unset|exit|chmod|ln|realpath|dirname|basename|which|type|sed|awk|gawk|find|curl|wget|tar|unzip|zip|gzip)$/;

/** The commands of a program that run no program text, although others of it do. */
const READING: Readonly<Record<string, RegExp>> = {
  go: /^(?:fmt|vet|mod|list|version|env|doc|get|install)$/,
  cargo: /^(?:fmt|update|tree|metadata|add|remove|generate-lockfile|sort|machete|audit)$/,
  deno: /^(?:fmt|lint|doc|info|check|cache|install|types|outdated)$/,
  mix: /^(?:format)$/,
  gleam: /^(?:format)$/,
  dotnet: /^(?:format)$/,
  dart: /^(?:format|fix|analyze)$/,
  swift: /^(?:format)$/,
  zig: /^(?:fmt)$/,
  bun: /^(?:install|add|i|pm)$/,
  biome: /./,
};

const WRAPPERS =
  /^(?:env|sudo|doas|alias|busybox|time|timeout|nice|nohup|exec|command|builtin|stdbuf|setsid|ionice|chronic|ts|npx|pnpx|bunx|corepack|cross-env|cross-env-shell|dotenv|dotenvx|env-cmd|uv|poetry|pipenv|pdm|rye|pipx|uvx|hatch|conda|mamba|micromamba|bundle|bundler|mise|rtx|asdf|direnv|nix|nix-shell|devbox|pixi|docker|podman|if|then|else|elif|do|while|until|not|!|\{|\(|npm|pnpm|yarn|run|exec|x|dlx|--|concurrently|run-s|run-p|npm-run-all2?|wait-on|foreach|-c|and|or)$/;

/** The role of a program, by its name without folders. `next` is the word behind it. */
export function roleOf(program: string, next: string | undefined): ToolRole {
  if (READING[program]?.test(next ?? "")) return { is: "reader" };
  if (program === "go") return { is: "project", language: "go" };
  if (program === "cargo" || program === "rustc") return { is: "project", language: "rust" };
  const interpreter = INTERPRETERS.find(([pattern]) => pattern.test(program));
  if (interpreter) return { is: "interpreter", language: interpreter[1] };
  const project = PROJECT.find(([pattern]) => pattern.test(program));
  if (project) return { is: "project", language: project[1] };
  if (WRAPPERS.test(program)) return { is: "wrapper" };
  if (PLAIN.test(program)) return { is: "plain" };
  return { is: READERS.test(program) ? "reader" : "unknown" };
}

/** Options whose value is loaded as code or as configuration, also by a program that only reads what else is named. */
export const LOADING_OPTION =
  /^-{1,2}(?:[crRfFpi]|[\w-]*(?:config|conf|plugin|rule|require|import|load|loader|preset|formatter|reporter|parser|resolver|extend|setup|script|project|hook|module|include|file|vettool|transform|template|wrapper|command|cmd|exec|eval|ruleset|tsconfig|toolchain|prefix|manifest|justfile|makefile)[\w-]*)$/;
