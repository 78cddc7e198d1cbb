// The table of features in the README: what it says of assay has tests to show for it.

import Foundation
import Testing

struct FeatureTableTests {
  /// The tests that hold up what the README says of assay, by the row of its table. A row without one cannot claim more
  /// than `·`.
  static let evidence: [(feature: String, tests: [String])] = [
    (
      "`?`/F1 help in context",
      ["helpFindsByKeyAndRunsWhatIsChosen", "everySizeOpensMovesHelpsAndGivesTheTerminalBack"]
    ),
    ("help is searchable and runs the command", ["helpFindsByKeyAndRunsWhatIsChosen"]),
    ("footer hints, contextual", ["everyHintInTheFooterIsAKeyThatWorks", "footerHintsRunTheirCommands"]),
    ("disabled command says why", ["aDisabledCommandSaysWhy", "whatIsOffSaysWhy"]),
    ("command palette", ["thePaletteFindsColumnsTermsAndFiles", "whatWasChosenLatelyComesFirstAlsoTheNextTime"]),
    ("menu bar", ["altAndTheUnderlinedLetterOpensTheMenu", "theUnderlinedLetterOfAnItemChoosesIt"]),
    ("jump mode (letters on targets)", ["jumpModeClicksByLetters"]),
    ("regex search + n/N", ["aSlashFindsAndCountsAndNGoesRound", "aSearchInAllColumnsGoesToTheColumn"]),
    (
      "filter rows / multi-column",
      ["aFilterIsAnExpressionOrAPatternAndSaysWhich", "clearingAFilterKeepsTheCursorOnTheSameRow"]
    ),
    ("sort, several keys", ["severalKeysOrderNaturallyAndTheHeadingsNumberThem"]),
    ("frequency table", ["enterOnAValueOpensItsRowsAndQComesBack", "theIntervalOfAFrequencyTableIsWholeAt80Columns"]),
    ("column stats/describe", ["aRowOfTheDescriptionLeadsToItsColumn", "aDescriptionHasARowForEachColumn"]),
    ("column profile in the header", ["theHeaderLineCountsFiveBinsOrLevels"]),
    (
      "large files / streaming stdin",
      ["theEndIsReachedAndKeptWhileTheRowsAreStillCounted", "standardInputIsReadWhileKeysComeFromTheTerminal"]
    ),
    (
      "mouse: click, wheel, drag",
      ["aClickSortsAndTheWheelScrolls", "bordersAreDraggedWithinTheScreen", "aDragOverTheChartIsABoxInItsCells"]
    ),
    ("resize without loss", ["anySizeIsSurvivedWithTheSameState", "aWindowResizedWhileSuspendedIsDrawnAtItsNewSize"]),
    ("useful at 80×24", ["aQuickModelOnFilteredRowsIsSavedAndFoundAgain", "everyDialogFitsEightyByTwentyFour"]),
    ("NO_COLOR", ["withoutColourNoColourIsSent", "withoutColourAndUnicodeOnlyASCIIIsDrawn"]),
    ("16/256/truecolour", ["seriesStayApartAtEveryDepth", "coloursAreNumberedAsTheTerminalHasThem"]),
    ("ASCII fallback", ["inAPlainLocaleOnlyASCIIIsDrawn", "asciiGlyphsUseNothingElse"]),
    ("colour-blind palette shipped", ["theSeriesOfEveryOtherColouredThemeStayApartForAllEyes"]),
    ("theme files, live reload", ["aSavedConfigAndASavedThemeShowAtOnce", "aThemeFileOfOnesOwnIsReadWhenItIsSaved"]),
    ("rebindable keys", ["onesOwnKeysTakeTheirPlaceAndSayFromWhom", "theKeyMapCanBeChosenOnTheScreen"]),
    ("undo / redo", ["aStepIsAddedUndoneAndDoneAgain"]),
    (
      "session log + replay", ["aSessionDoneAgainGivesTheSameFlowAndResults", "afterAKillTheRecordIsWholeAndRunsAgain"]
    ),
    ("OSC 52 copy", ["whatIsCopiedArrivesInTheTerminalsBuffer", "overSSHOnlyTheTerminalIsAsked"]),
    (
      "chart export SVG / PNG",
      ["theEndingChoosesTheFormatAndTheToastHasThePath", "aPNGHasItsSignatureAndTheSizeAskedFor"]
    ),
    (
      "async jobs, progress, cancel", ["controlCCancelsARunningModel", "onlyTheNewestProgressIsKeptAndItNeverGoesBack"]
    ),
    ("jobs pane with partial results", ["aSlowFilterShowsItsFirstRowsBeforeTheRest"]),
    (
      "errors: one line + details on demand",
      ["errorsAreKeptAsAListAndCanBeReadInFull", "aBadFileIsToldAndTheProgramGoesOn"]
    ),
    ("XDG config + `locate`/`info`", ["locateFollowsTheEnvironment", "configShowsEachValueAndWhereItComesFrom"]),
    ("shell completion", ["bashAcceptsItsCompletionsAndCompletesASubcommand"]),
    ("man page", ["theManualNamesEverySubcommandSettingAndKey"]),
    ("headless / batch", ["runPrintsRowsAndAnalyses", "chartsAreDrawnAtTheSizeAskedFor"]),
    ("stdin → out in a pipe", ["standardInputIsASource"]),
    ("data-flow steps + analyses", ["aQuickModelOnFilteredRowsIsSavedAndFoundAgain", "runPrintsRowsAndAnalyses"]),
    (
      "SHAP / bias / leaderboard in cells",
      ["aQuickModelIsBuiltSavedAndFoundAgain", "contributionsAddUpToThePredictionsDistanceFromTheMean"]
    ),
  ]

  /// The rows of the table: the feature and what stands in assay's column.
  private static func rows() throws -> [(feature: String, mark: String)] {
    let readme = try Checkout.text("README.md")
    let begin = try #require(readme.range(of: "<!-- features -->"))
    let end = try #require(readme.range(of: "<!-- end of features -->"))
    let lines = readme[begin.upperBound..<end.lowerBound].split(separator: "\n").filter { $0.hasPrefix("|") }
    let cells = lines.map { line in
      line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast().map {
        $0.trimmingCharacters(in: .whitespaces)
      }
    }
    let head = try #require(cells.first)
    let columns = head.count
    #expect(head.starts(with: ["feature", "assay", "VisiData"]) && columns == 16)
    #expect(cells.allSatisfy { $0.count == columns }, "every row has a cell for every tool")
    return cells.dropFirst(2).map { ($0[0], $0[1]) }
  }

  /// Names of functions that are marked as tests, below Tests.
  private static let tests: Set<String> = {
    let folder = Checkout.root.appendingPathComponent("Tests")
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    var names: Set<String> = []
    for case let file as URL in files ?? .init() where file.pathExtension == "swift" {
      guard let text = try? String(contentsOf: file, encoding: .utf8) else { continue }
      for part in text.components(separatedBy: "@Test").dropFirst() {
        // The first function after the mark is the one that it marks.
        if let name = part.firstMatch(of: /func\s+(\w+)\s*\(/) { names.insert(String(name.1)) }
      }
    }
    return names
  }()

  @Test func everyCellOfAssaysHasTestsToShowForIt() throws {
    let rows = try Self.rows()
    #expect(rows.map(\.feature) == Self.evidence.map(\.feature))
    for (row, proof) in zip(rows, Self.evidence) {
      #expect(["●", "◐", "·"].contains(row.mark), "\(row.feature): \(row.mark)")
      #expect(row.mark == "·" || !proof.tests.isEmpty, "\(row.feature) claims \(row.mark) without a test")
      for name in proof.tests {
        #expect(Self.tests.contains(name), "\(row.feature): there is no test \(name)")
      }
    }
  }

  /// A half is explained below the table, or nobody knows what to expect.
  @Test func whatIsMissingIsSaidForEachHalf() throws {
    let readme = try Checkout.text("README.md")
    let end = try #require(readme.range(of: "<!-- end of features -->"))
    let next = try #require(readme.range(of: "\n## ", range: end.upperBound..<readme.endIndex))
    let notes = readme[end.upperBound..<next.lowerBound].split(separator: "\n").filter { $0.hasPrefix("- ") }
    let halves = try Self.rows().filter { $0.mark == "◐" }.map(\.feature)
    let explained = notes.compactMap { $0.dropFirst(2).split(separator: ": ").first.map(String.init) }
    #expect(explained == halves)
  }
}
