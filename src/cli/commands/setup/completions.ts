import { Argument, type Command } from "@commander-js/extra-typings";
import { completionLibrary } from "../../program/completion-library.ts";
import type { Context } from "../../program/context.ts";
import { bashCompletion } from "./bash-completion.ts";

const INSTALL = `
To install:
  bash        p9 completions bash > ~/.p9-completion.bash
              echo 'source ~/.p9-completion.bash' >> ~/.bashrc
  zsh         p9 completions zsh > "\${fpath[1]}/_p9"
  fish        p9 completions fish > ~/.config/fish/completions/p9.fish
  powershell  p9 completions powershell >> $PROFILE`;

export function register(command: Command, context: Context): void {
  command
    .addArgument(new Argument("<shell>", "which shell").choices(["bash", "zsh", "fish", "powershell"] as const))
    .addHelpText("after", INSTALL)
    .action(async (shell) => {
      if (shell === "bash") return context.stdout(bashCompletion("p9"));
      const { script } = await completionLibrary();
      script(shell, "p9", "p9");
    });
}
