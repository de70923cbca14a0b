type Env = Readonly<Record<string, string | undefined>>;

/**
 * Whether the terminal knows links (OSC 8): terminals that are known to, in the versions that do, as `supports-hyperlinks` tells them
 * apart (that library reads the process's own environment and arguments). `FORCE_HYPERLINK` says otherwise: `0` no, all else yes.
 */
export function knowsLinks(env: Env): boolean {
  if (env.FORCE_HYPERLINK !== undefined && env.FORCE_HYPERLINK !== "") return env.FORCE_HYPERLINK !== "0";
  if (env.CI || env.TEAMCITY_VERSION || env.TERM === "dumb" || env.TERM === "linux") return false;
  if (env.WT_SESSION) return true;
  const [major = 0, minor = 0] = versionOf(env.TERM_PROGRAM_VERSION);
  switch (env.TERM_PROGRAM) {
    case "iTerm.app":
      return major > 3 || (major === 3 && minor >= 1);
    case "WezTerm":
      return major >= 20200620 || /^0-unstable-/.test(env.TERM_PROGRAM_VERSION ?? "");
    case "vscode":
      return Boolean(env.CURSOR_TRACE_ID) || major > 1 || (major === 1 && minor >= 72);
    case "ghostty":
    case "zed":
      return true;
    // Of tmux and screen, which pass links on or print them, the environment does not say which terminal they run in.
    case "tmux":
    case "screen":
    case "Apple_Terminal":
      return false;
    default:
  }
  // 0.50.0 crashed on links.
  if (env.VTE_VERSION) return Number(env.VTE_VERSION) > 5000;
  return ["alacritty", "xterm-kitty", "xterm-ghostty", "foot"].includes(env.TERM ?? "");
}

/**
 * Whether the terminal shows a program's progress (OSC 9;4). Others take that sequence for a notification, so only those that are
 * known to show it get one: iTerm2 says so by the feature `P`, WezTerm has it since February 2025.
 */
export function knowsProgress(env: Env): boolean {
  if (env.TERM === "dumb" || env.TMUX || env.STY) return false;
  if (env.WT_SESSION || env.ConEmuANSI === "ON") return true;
  const [major = 0, minor = 0] = versionOf(env.TERM_PROGRAM_VERSION);
  switch (env.TERM_PROGRAM) {
    case "ghostty":
      return major > 1 || (major === 1 && minor >= 2);
    case "WezTerm":
      return major >= 20250209;
    case "iTerm.app":
      // Each feature is a capital letter, with small ones and a number behind it.
      return /P(?![a-z])/.test(env.TERM_FEATURES ?? "");
    default:
      // Of the terminals with GNOME's library, Ptyxis alone says which one it is.
      return (versionOf(env.PTYXIS_VERSION)[0] ?? 0) >= 48;
  }
}

function versionOf(text: string | undefined): readonly number[] {
  return (text ?? "").split(/[.-]/).map((part) => Number.parseInt(part, 10) || 0);
}
