import { Argument, type Command } from "@commander-js/extra-typings";
import { completionLibrary } from "../../program/completion-library.ts";

const INSTALL = `
To install:
  bash        p9 completions bash > ~/.local/share/bash-completion/completions/p9
  zsh         p9 completions zsh > "\${fpath[1]}/_p9"
  fish        p9 completions fish > ~/.config/fish/completions/p9.fish
  powershell  p9 completions powershell >> $PROFILE`;

export function register(command: Command): void {
  command
    .addArgument(new Argument("<shell>", "which shell").choices(["bash", "zsh", "fish", "powershell"] as const))
    .addHelpText("after", INSTALL)
    .action(async (shell) => {
      const { script } = await completionLibrary();
      script(shell, "p9", "p9");
    });
}
