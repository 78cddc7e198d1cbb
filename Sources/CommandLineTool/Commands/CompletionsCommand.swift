import ArgumentParser

/// `assay completions`.
struct CompletionsCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "completions", abstract: "Print the completions of a shell.",
    discussion: """
      bash: assay completions bash > ~/.local/share/bash-completion/completions/assay

      zsh: assay completions zsh > a folder of $fpath, as _assay

      fish: assay completions fish > ~/.config/fish/completions/assay.fish
      """)

  enum Shell: String, ExpressibleByArgument, CaseIterable { case bash, zsh, fish }

  @Argument(help: "bash, zsh or fish.")
  var shell: Shell

  var obeysSettings: Bool { false }

  func run(_ headless: Headless) throws {
    let script =
      switch shell {
      case .bash: AssayCommand.completionScript(for: .bash)
      case .zsh: AssayCommand.completionScript(for: .zsh)
      case .fish: AssayCommand.completionScript(for: .fish)
      }
    try headless.console.write(script.hasSuffix("\n") ? script : script + "\n")
  }
}
