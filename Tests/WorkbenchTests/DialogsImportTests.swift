import Engine
import Flow
import Frame
import Grid
import Testing
import Widgets

@testable import Workbench

@Suite struct ImportDialogTests {
  private static let listing = FolderListing(
    folder: "/data",
    entries: [
      .init(name: "a.csv", isFolder: false, size: 1200), .init(name: "census.csv", isFolder: false, size: 500_000),
      .init(name: "old.flow", isFolder: false, size: 900), .init(name: "deep", isFolder: true, size: nil),
    ])

  private static func preview() -> Preview {
    let table = DataTable(columns: [
      TypedColumn(column: Column(name: "age", type: "BIGINT"), data: .integers([39, 50])),
      TypedColumn(column: Column(name: "income", type: "VARCHAR"), data: .texts(["<=50K", ">50K"])),
    ])
    return Preview(
      schema: table.schema, table: table, complete: false, notes: ["Two columns were renamed."], bytes: 500_000)
  }

  /// From the start screen to the preview of `census.csv`, which has not come yet.
  private func atImport() throws -> (rig: DialogRig, job: RequestID) {
    var rig = DialogRig(isOpen: false)
    rig.press("ctrl-n", "enter")
    rig.send(.listed(Self.listing))
    rig.press("cens", "enter")
    let job = try #require(rig.submitted.first { if case .preview = $0.spec { true } else { false } })
    return (rig, job.id)
  }

  @Test func theRoadFromANewFlowToAnImportedSource() throws {
    var (rig, job) = try atImport()
    #expect(rig.screen.contains("step 3 of 3"))
    rig.send(.job(job, .done(.preview(Self.preview()))))
    #expect(rig.screen.contains("2 columns: 1 integer, 1 text"))
    #expect(rig.screen.contains("Two columns were renamed."))
    rig.press("shift-tab", "enter")
    #expect(rig.state.overlays.isEmpty)
    #expect(rig.state.screen == .workbench)
    #expect(rig.state.flow.graph.steps.map(\.operation) == [.source(Source(location: "/data/census.csv"))])
    #expect(rig.submitted.contains { if case .open = $0.spec { true } else { false } })
  }

  @Test func theCatalogueIsOpenedInTheDatasetsPane() {
    var rig = DialogRig(isOpen: false)
    rig.press("ctrl-n")
    for name in ["Local files", "Amazon S3", "Amazon Athena", "AWS Glue catalogue", "Apache Spark"] {
      #expect(rig.screen.contains(name))
    }
    rig.press("down", "down", "enter")
    #expect(rig.state.overlays.isEmpty)
    #expect(rig.submitted.contains { $0.spec == .cloud(.list(.databases, next: nil)) })
  }

  @Test func bucketsAreListedAndAnAddressIsTyped() throws {
    var rig = DialogRig(isOpen: false)
    rig.press("ctrl-n", "down", "enter")
    #expect(rig.screen.contains("Folder s3://"))
    rig.send(.listed(FolderListing(folder: "s3://", entries: [.init(name: "lake", isFolder: true, size: nil)])))
    #expect(rig.screen.contains("lake/"))
    rig.press("down", "right")
    #expect(rig.screen.contains("Folder s3://lake"))
    let entries = [
      FolderListing.Entry(name: "a.csv", isFolder: false, size: 12), .init(name: "sales", isFolder: true, size: nil),
    ]
    rig.send(.listed(FolderListing(folder: "s3://lake", entries: entries)))
    rig.press("enter")
    #expect(rig.submitted.contains { $0.spec == .preview(Source(location: "s3://lake/a.csv")) })
  }

  @Test func addressesHaveFoldersAboveThem() {
    #expect(FilePaths.parent(of: "s3://lake/sales/raw") == "s3://lake/sales")
    #expect(FilePaths.parent(of: "s3://lake") == "s3://")
    #expect(FilePaths.parent(of: "s3://") == ".")
    #expect(FilePaths.split("s3://la")?.folder == "s3://")
    #expect(FilePaths.split("s3://lake/sa")?.folder == "s3://lake")
    #expect(FilePaths.split("s3://lake/sa")?.name == "sa")
    #expect(FilePaths.split("glue://sales/orders") == nil)
  }

  @Test func aStratifiedSampleRemembersColumnAndSeed() throws {
    var (rig, job) = try atImport()
    rig.send(.job(job, .done(.preview(Self.preview()))))
    rig.press("right", "right", "right", "tab", "ctrl-u", "500", "tab", "tab", "ctrl-u", "7", "shift-tab")
    rig.press("shift-tab", "shift-tab", "shift-tab", "enter")
    guard case .source(let source)? = rig.state.flow.graph.steps.first?.operation else {
      Issue.record("nothing was imported: \(rig.screen)")
      return
    }
    #expect(source.rows == .stratified(500, column: "income", seed: 7))
  }

  @Test func changingHowTheFileIsReadPreviewsItAgain() throws {
    var (rig, job) = try atImport()
    rig.send(.job(job, .done(.preview(Self.preview()))))
    rig.press("right")
    #expect(rig.submitted.isEmpty)
    rig.press("left", "tab", "right")
    guard case .preview(let source)? = rig.submitted.first?.spec else {
      Issue.record("no new preview")
      return
    }
    #expect(source.options.hasHeader == true)
  }

  @Test func aBadRowIsShownWithTheKeyThatLeavesItOut() throws {
    var (rig, job) = try atImport()
    rig.send(.job(job, .failed("census.csv, line 17: 3 fields found, 4 expected. Leave such rows out (key s).")))
    #expect(rig.screen.contains("line 17: 3 fields found"))
    rig.press("shift-tab", "enter")
    #expect(rig.state.overlays.last is ImportOverlay)
    rig.press("s")
    guard case .preview(let source)? = rig.submitted.first?.spec else {
      Issue.record("no new preview")
      return
    }
    #expect(source.options.skipBadRows)
  }

  @Test func aColumnCanBeReadAsAnotherType() throws {
    var (rig, job) = try atImport()
    rig.send(.job(job, .done(.preview(Self.preview()))))
    rig.press("tab", "tab", "tab", "tab", "enter", "age", "enter", "enter", "text", "enter")
    guard case .preview(let source)? = rig.submitted.last?.spec else {
      Issue.record("no new preview: \(rig.screen)")
      return
    }
    #expect(source.options.types == ["age": "VARCHAR"])
  }

  @Test func leavingAnUnsavedFlowTakesASecondPress() throws {
    var rig = DialogRig()
    _ = rig.state.edit { $0.target = "income" }
    rig.press("ctrl-n", "enter")
    rig.send(.listed(Self.listing))
    rig.press("a.csv", "enter", "shift-tab", "enter")
    #expect(rig.state.overlays.last is ImportOverlay)
    #expect(rig.state.message?.text.contains("is not saved") == true)
    rig.press("enter")
    #expect(rig.state.flow.name == "a.csv")
  }

  @Test func editingASourceKeepsTheStepsBelowIt() throws {
    var rig = DialogRig()
    rig.press("+", "filter", "enter", "age > 30", "tab", "enter")
    rig.state.selected = "s1"
    rig.state.focus = .flow
    alignFlowCursor(&rig.state)
    rig.press("enter")
    #expect(rig.state.overlays.last is ImportOverlay)
    rig.press("right", "tab", "ctrl-u", "99", "shift-tab", "shift-tab", "enter")
    guard case .source(let source)? = rig.state.flow.graph["s1"]?.operation else { return }
    #expect(source.rows == .first(99))
    #expect(rig.state.flow.graph.steps.count == 2)
  }
}

@Suite struct FileDialogTests {
  private func open(_ entries: [FolderListing.Entry]) -> DialogRig {
    var rig = DialogRig(isOpen: false)
    rig.press("ctrl-o")
    rig.send(.listed(FolderListing(folder: "/data", entries: entries)))
    return rig
  }

  @Test func leftGoesUpAndEnterGoesIn() {
    var rig = open([.init(name: "deep", isFolder: true, size: nil)])
    #expect(rig.press("left").contains(.list(folder: "/")))
    rig.send(.listed(FolderListing(folder: "/", entries: [.init(name: "data", isFolder: true, size: nil)])))
    #expect(rig.press("enter").contains(.list(folder: "/data")))
  }

  @Test func aTypedPathMovesToItsFolder() {
    var rig = open([])
    #expect(rig.press("/var/x").contains(.list(folder: "/var")))
    rig.send(.listed(FolderListing(folder: "/var", entries: [.init(name: "xyz.csv", isFolder: false, size: 5)])))
    #expect(rig.screen.contains("xyz.csv"))
    rig.press("enter")
    #expect(rig.state.flow.graph.sources.count == 1)
    #expect(rig.state.flow.name == "xyz.csv")
  }

  @Test func aPathThatIsNotListedIsOpenedAsItIsTyped() {
    var rig = open([])
    rig.press("/var/strange.bin", "enter")
    #expect(rig.state.flow.name == "strange.bin")
  }

  @Test func aFlowOpensAsAFlow() {
    var rig = open([.init(name: "old.flow", isFolder: false, size: 9)])
    #expect(rig.press("enter").contains(.openFlow(path: "/data/old.flow")))
  }

  @Test func aFolderThatCannotBeListedSaysSo() {
    var rig = DialogRig(isOpen: false)
    rig.press("ctrl-o")
    rig.send(.listed(FolderListing(folder: "/data", entries: [], error: "/data cannot be listed: no permission")))
    #expect(rig.screen.contains("cannot be listed"))
  }

  @Test func pathsGoUpWithoutADisk() {
    #expect(FilePaths.parent(of: ".") == "..")
    #expect(FilePaths.parent(of: "..") == "../..")
    #expect(FilePaths.parent(of: "/") == "/")
    #expect(FilePaths.parent(of: "/a/b") == "/a")
    #expect(FilePaths.parent(of: "/a") == "/")
    #expect(FilePaths.parent(of: "a") == ".")
    #expect(FilePaths.joined("/", "x") == "/x")
  }
}

@Suite struct DialogDrawingTests {
  private static let sizes = [
    Size(width: 80, height: 24), Size(width: 40, height: 10), Size(width: 1, height: 1), Size(width: 200, height: 60),
    Size(width: 7, height: 3), Size(width: 0, height: 0),
  ]

  private func dialogs(_ state: WorkbenchState) -> [any Overlay] {
    var all: [any Overlay] = [
      SourceOverlay(state), FileOverlay(state, purpose: .open), FileOverlay(state, purpose: .select),
      ImportOverlay(Source(location: "/data/census.csv"), replacing: nil), AddOverlay(state),
      TransformOverlay(state, insert: true), AnalysisMenuOverlay(state),
    ]
    all += AnalysisSpec.Kind.allCases.map { analysisDialog($0, state) }
    all += Operation.Kind.allCases.filter { $0 != .source }.map { StepOverlay($0, state, insert: false) }
    return all
  }

  @Test func everyDialogDrawsAtEverySizeAndTakesEveryKey() {
    let keys = ["tab", "shift-tab", "enter", "up", "down", "left", "right", "pagedown", "space", "x", "f2", "escape"]
    for size in Self.sizes {
      var rig = DialogRig()
      rig.state.size = size
      for dialog in dialogs(rig.state) {
        rig.state.overlays = [dialog]
        _ = rig.screen
        for key in keys {
          rig.press(key)
          _ = rig.screen
        }
        rig.state.overlays = []
      }
    }
  }

  @Test func everyDialogFitsEightyByTwentyFour() {
    let rig = DialogRig()
    for dialog in dialogs(rig.state) {
      var state = rig.state
      state.overlays = [dialog]
      let lines = draw(state).grid.lines
      // Menu line, status line and footer stay in sight.
      #expect(lines[0].contains("File"))
      #expect(lines[23].contains("Esc"))
    }
  }

  @Test func dialogsWithoutAStepDoNotFail() {
    let rig = DialogRig(isOpen: false)
    for dialog in dialogs(rig.state) {
      var state = rig.state
      state.overlays = [dialog]
      _ = draw(state)
    }
  }
}
