# The formula of a Homebrew tap. Per release, fill in what stands in @@: references/contributing.md says how.
class P9 < Formula
  desc "Watches CI, deploys and builds for coding agents, and hands out work meanwhile"
  homepage "https://www.npmjs.com/package/@broomva/p9"
  url "@@TARBALL@@"
  sha256 "@@SHA256@@"
  license "MIT"

  depends_on "gh"
  depends_on "node"

  def install
    system "npm", "install", *std_npm_args
    bin.install_symlink libexec.glob("bin/*")
    man1.install_symlink libexec.glob("share/man/man1/*.1")
    generate_completions_from_executable(bin/"p9", "completions", shells: [:bash, :zsh, :fish])
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/p9 --version")
  end
end
