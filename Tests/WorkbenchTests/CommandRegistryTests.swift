import Testing
import Widgets

@testable import Workbench

struct CommandRegistryTests {
  let registry = CommandRegistry.standard

  @Test func noTwoCommandsShareAKeyInOneContext() {
    let conflicts = registry.conflicts.map { "\($0.1) in \($0.0): \($0.2) and \($0.3)" }
    #expect(conflicts.isEmpty, "\(conflicts)")
  }

  @Test func everyIDIsUsedOnce() {
    #expect(Set(registry.commands.map(\.id)).count == registry.commands.count)
  }

  @Test func everyKeyCanBeParsed() {
    for command in registry.commands {
      for key in command.keys { #expect(KeyEvent.sequence(key) != nil, "\(command.id): \(key)") }
    }
  }

  @Test func everyCommandSaysWhatItDoes() {
    for command in registry.commands {
      #expect(!command.title.isEmpty && command.summary.hasSuffix("."), "\(command.id)")
    }
  }

  @Test func aKeyOfTheFocusedPaneWinsOverOneThatHoldsEverywhere() {
    #expect(registry.match([KeyEvent(.character("a"))], in: .pane(.chart)) == .command("chart.keep"))
    #expect(registry.match([KeyEvent(.character("a"))], in: .pane(.table)) == .command("analyses.add"))
  }

  @Test func theFirstKeyOfASequenceWaitsForTheSecond() {
    let g = KeyEvent(.character("g"))
    #expect(registry.match([g], in: .pane(.table)) == .prefix)
    #expect(registry.match([g, g], in: .pane(.table)) == .command("table.first"))
  }

  @Test func aPrefixIsNeverACommandOfItsOwn() {
    for command in registry.commands {
      for context in command.contexts {
        for keys in command.keys.compactMap(KeyEvent.sequence) where keys.count > 1 {
          #expect(registry.match([keys[0]], in: context) == .prefix, "\(command.id)")
        }
      }
    }
  }

  @Test func everyMenuHasItems() {
    for menu in MenuTitle.allCases { #expect(!registry.items(of: menu).isEmpty, "\(menu)") }
  }
}
