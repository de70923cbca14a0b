import { rules } from "../rule.ts";

/** Generated files that differ from their generator's current output. */
// biome-ignore format: one rule a line, as in the tables of the rubric
export const CODEGEN = rules("codegen_drift", [
  ["api-extractor", "api-extractor", 0.97, "You have changed the API signature", null, "Warning: You have changed the API signature for this project."],
  ["kotlin-api-dump", "binary-compatibility-validator", 0.95, "API check failed for project", null, "> API check failed for project shop."],
  ["check-dist", "check-dist", 0.95, "etected uncommitted changes after", null, "Detected uncommitted changes after build. See status below:"],
  ["alembic", "alembic", 0.97, "New upgrade operations detected", null, "FAILED: New upgrade operations detected: [('add_table', Table('users'))]"],
  ["django", "django", 0.95, ["have changes that are not yet reflected in a migration", "Migrations for '"], /have changes that are not yet reflected|^Migrations for '\w+':/, "Your models in app(s): 'shop' have changes that are not yet reflected in a migration"],
  ["prisma-drift", "prisma", 0.92, "rift detected", /^(?:\[\W\] )?Drift detected:|schema drift detected/i, "Drift detected: Your database schema is not in sync with your migration history."],
  ["sqlx-prepare", "sqlx", 0.93, ["prepare check failed", "is missing one or more queries"], null, "error: prepare check failed: .sqlx is missing one or more queries; you should re-run sqlx prepare"],
  ["diesel", "diesel", 0.94, "would result in changes in", null, "Command would result in changes in src/schema.rs"],
  ["graphql-codegen", "graphql-codegen", 0.95, "stale files were detected", null, "The following stale files were detected:"],
  ["nx-sync", "nx", 0.95, "workspace is out of sync", null, "The workspace is out of sync"],
  ["terraform-docs", "terraform-docs", 0.95, "is out of date", /^(?:Error: )?\S+\.md is out of date/, "Error: README.md is out of date"],
  ["cargo-readme", "cargo-rdme", 0.93, "out of sync", /README.{0,40}(?:is )?out of sync/i, "The README is out of sync"],
  ["generated-stale", "any", 0.9, ["out of date", "out-of-date", "out of sync", "out-of-sync", "up to date", "up-to-date", "stale", "outdated", "differ", "drift", "regenerat", "in sync", "current"], /\b(?:generated|codegen|auto-?generated|bindings?|manifests?|mocks?|stubs?|protobufs?|protos?|openapi|swagger|graphql schema|api docs?|schema\.(?:json|graphql|prisma|rs|rb)|docs?|documentation|snapshots?|dist|crds?|deepcopy|clients?|sdk|types|migrations?|toc|table of contents|changelog|translations?|messages\.pot)\b.{0,100}(?:\bout[- ]of[- ](?:date|sync)|\bnot (?:up[- ]to[- ]date|in sync|current)|n't (?:up[- ]to[- ]date|in sync)|\bstale\b|\boutdated\b|\bdiffers?\b|\bhas drifted|\bdrift\b|\bneeds? (?:to be )?(?:re-?generated|updating|regenerating)|\bmust be regenerated)/, "Generated code is out of date. Run make generate.", { ignoreCase: true }],
  ["file-not-up-to-date", "any", 0.84, ["up-to-date", "up to date", "is stale", "out of date", "out-of-date"], /^(?:error|fatal|fail(?:ed|ure)?)?:? ?[`'"]?[\w./-]{1,200}\.(?:ts|js|go|rs|py|java|kt|rb|php|cs|swift|json|ya?ml|md|proto|graphql|sql|txt|html|h)[`'"]? (?:is|are) (?:stale|out[- ]of[- ]date|not up[- ]to[- ]date)\b/, "error: `src/generated.rs` is not up-to-date, run `cargo xtask codegen` and commit the changes", { ignoreCase: true }],
  ["regenerate-and-commit", "any", 0.9, ["commit"], /\b(?:re-?)?(?:run|execute)\b.{0,80}\b(?:generate|gen|codegen|regen\w*|sync|build|make|update)\b.{0,80}\bcommit\b/, "Please run `make generate` and commit the changes", { ignoreCase: true }],
  ["commit-generated", "any", 0.9, ["commit"], /\b(?:forgot|forget|need|please|must|should)\b.{0,40}\bcommit\b.{0,40}\b(?:generated|regenerated|updated|resulting|changed) (?:files?|code|changes|output|artifacts?)/, "Did you forget to commit the generated files?", { ignoreCase: true }],
  ["uncommitted-after", "any", 0.85, ["uncommitted changes", "tree is dirty", "is not clean", "is dirty", "unexpected changes", "unstaged changes"], /\b(?:found|detected|there (?:are|were)|has|contains?)\b.{0,40}\b(?:uncommitted|unexpected|unstaged) changes|\b(?:working|source|git) (?:tree|directory|copy) (?:is |was )?(?:not clean|dirty)|\brepository is (?:not clean|dirty)/, "Error: found uncommitted changes after running generate", { ignoreCase: true }],
]);
