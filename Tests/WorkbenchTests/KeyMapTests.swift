import Settings
import Testing
import Widgets

@testable import Workbench

struct KeyMapTests {
  private func bound(_ preset: KeyPreset = .assay, _ keys: [String: [String]] = [:]) -> BoundRegistry {
    let overrides = keys.sorted { $0.key < $1.key }.map { KeyOverride(command: $0.key, keys: $0.value, line: 2) }
    return CommandRegistry.standard.bound(by: KeyMap(preset, overrides: overrides))
  }

  @Test(arguments: KeyPreset.allCases) func noTwoCommandsShareAKeyInAPreset(preset: KeyPreset) {
    let bound = bound(preset)
    let conflicts = bound.registry.conflicts.map { "\($0.1) in \($0.0): \($0.2) and \($0.3)" }
    #expect(conflicts.isEmpty, "\(conflicts)")
    #expect(bound.warnings.isEmpty && bound.notes.isEmpty)
  }

  @Test(arguments: KeyPreset.allCases) func aPresetNamesOnlyCommandsThatExistAndKeysThatCanBeSent(preset: KeyPreset) {
    for (id, keys) in preset.keys {
      #expect(CommandRegistry.standard[id] != nil, "\(preset): there is no command \(id)")
      for key in keys {
        let sequence = KeyEvent.sequence(key)
        #expect(sequence != nil && sequence?.map(\.asSent) == sequence, "\(preset): \(id): \(key)")
        #expect(preset != .arrows || sequence?.allSatisfy(preset.keeps) == true, "\(id): \(key)")
      }
    }
  }

  /// The palette leaves out moves alone, so those need a key.
  @Test(arguments: KeyPreset.allCases) func everyCommandCanBeReached(preset: KeyPreset) {
    for command in bound(preset).registry.commands where command.group == .move {
      #expect(!command.keys.isEmpty, "\(preset): \(command.id)")
    }
  }

  @Test(arguments: KeyPreset.allCases) func whatOneCannotDoWithoutHasAKey(preset: KeyPreset) {
    for id in ["help.pane", "palette", "menu", "quit", "escape", "edit.undo", "edit.redo", "file.save", "file.open"] {
      #expect(bound(preset).registry[CommandID(id)]?.keys.isEmpty == false, "\(preset): \(id)")
    }
  }

  @Test func thePresetOfAssayIsTheRegistryItself() {
    #expect(bound().registry.commands.map(\.keys) == CommandRegistry.standard.commands.map(\.keys))
  }

  @Test func arrowsNeedsNoLetters() {
    for command in bound(.arrows).registry.commands {
      for keys in command.keys.compactMap(KeyEvent.sequence) {
        #expect(keys.count == 1 && (keys[0].typed == nil || keys[0] == .space), "\(command.id): \(command.keys)")
      }
    }
  }

  @Test func inVimASecondDDeletes() {
    let registry = bound(.vim).registry
    let d = KeyEvent.character("d")
    #expect(registry.match([d], in: .pane(.flow)) == .prefix)
    #expect(registry.match([d, d], in: .pane(.flow)) == .command("flow.delete"))
    #expect(registry.match([.control("r")], in: .pane(.table)) == .command("edit.redo"))
  }

  @Test func onesOwnKeysTakeTheirPlaceAndSayFromWhom() {
    let bound = bound(.assay, ["table.target": ["G", "ctrl-t"]])
    #expect(bound.registry[CommandID("table.target")]?.keys == ["G", "ctrl-t"])
    #expect(bound.registry.match([.character("G")], in: .pane(.table)) == .command("table.target"))
    #expect(bound.registry.match([.character("t")], in: .pane(.table)) == .nothing)
    #expect(bound.registry[CommandID("table.last")]?.keys == [])
    #expect(bound.notes == ["table.target takes G from table.last: only menus and the palette reach it now"])
    #expect(bound.registry.conflicts.isEmpty && bound.warnings.isEmpty)
  }

  @Test func aKeyGivenToTheWholeWorkbenchHoldsInEveryPane() {
    let registry = bound(.assay, ["edit.undo": ["d"]]).registry
    #expect(registry.match([.character("d")], in: .pane(.flow)) == .command("edit.undo"))
    #expect(registry[CommandID("flow.delete")]?.keys == ["delete"])
  }

  @Test func nothingUnbinds() {
    #expect(bound(.assay, ["edit.undo": []]).registry[CommandID("edit.undo")]?.keys == [])
    #expect(bound(.assay, ["edit.undo": [""]]).registry[CommandID("edit.undo")]?.keys == [])
  }

  @Test func mistakesAreNamedWithWhatMayBeMeant() {
    let bound = bound(
      .assay,
      [
        "edit.undoo": ["F"], "table.chart": ["ctr-f"], "table.row": ["ctrl-m"], "edit.undo": ["f7"],
        "edit.redo": ["f7"],
      ])
    let said = bound.warnings.map(\.brief)
    #expect(said.contains("config.toml:2: there is no command edit.undoo; did you mean edit.undo?"), "\(said)")
    #expect(said.contains("config.toml:2: table.chart: no key is called ctr-f; did you mean ctrl-f?"), "\(said)")
    #expect(said.contains("config.toml:2: table.row: terminals send enter for ctrl-m, so that is bound"), "\(said)")
    #expect(said.contains("config.toml:2: F7 is given to edit.redo and edit.undo; edit.redo has it"), "\(said)")
    #expect(bound.registry[CommandID("table.chart")]?.keys == ["."])
  }

  @Test func aSheetShowsEveryCommandOnce() {
    let sheet = KeyReference.sheet(KeyMap(.vim))
    let shown = Set(sheet.places.flatMap(\.bindings).map(\.command) + sheet.unbound.map(\.command))
    #expect(shown == Set(CommandRegistry.standard.commands.map(\.id.name)))
    #expect(sheet.preset == "vim")
  }

  @Test func aKeyIsExplainedPlaceByPlace() {
    let registry = CommandRegistry.standard
    #expect(KeyReference.meanings(of: .character("?"), in: registry) == ["Everywhere: Keys and help"])
    let g = KeyReference.meanings(of: .character("g"), in: registry)
    #expect(g.contains { $0.hasPrefix("3 Table: begins g g") }, "\(g)")
  }
}
