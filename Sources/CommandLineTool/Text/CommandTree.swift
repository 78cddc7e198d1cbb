import ArgumentParser
import Foundation

/// The commands and their arguments as the parser dumps them; the fields that a manual needs.
/// The form is that of `--experimental-dump-help`.
struct CommandTree: Decodable {
  struct Command: Decodable {
    var commandName: String
    var abstract: String?
    var discussion: String?
    var shouldDisplay: Bool?
    var subcommands: [Command]?
    var arguments: [Argument]?
  }

  struct Argument: Decodable {
    struct Name: Decodable {
      var kind: String
      var name: String
    }

    var kind: String
    var shouldDisplay: Bool
    var isOptional: Bool
    var isRepeating: Bool
    var names: [Name]?
    var valueName: String?
    var defaultValue: String?
    var allValueStrings: [String]?
    var abstract: String?
  }

  var command: Command

  /// The tree of `assay`.
  static var assay: CommandTree? {
    try? JSONDecoder().decode(CommandTree.self, from: Data(AssayCommand._dumpHelp().utf8))
  }
}
