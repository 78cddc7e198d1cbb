import ArgumentParser
import Settings

/// `assay man`.
struct ManCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "man", abstract: "Print the manual page, for man -l or a folder of $MANPATH.",
    discussion: "assay man > ~/.local/share/man/man1/assay.1")

  var obeysSettings: Bool { false }

  func run(_ headless: Headless) throws {
    // The keys of the manual are those that assay comes with, whatever this person has changed.
    let sheet = headless.surroundings.keySheet(Settings())
    try headless.console.write(ManualPage(keys: sheet).text)
  }
}
