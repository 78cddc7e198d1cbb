// What is worth a look before a training: the warnings of the quality report, and those that only a training gives reason for.

import Insight
import Learn
import Plot

/// Makes the findings of an exploration.
struct ExplorationFindings {
  private let found: DataExploration
  private let quality: QualityReport
  private let powers: [TargetLeakage.Score]

  /// Rows below which scores of folds say little, and below which a step of more is advised.
  private static let fewRows = 500

  init(_ found: DataExploration, _ quality: QualityReport, _ powers: [TargetLeakage.Score]) {
    (self.found, self.quality, self.powers) = (found, quality, powers)
  }

  /// The severe first, in the order in which they were made.
  var all: [DataExploration.Finding] {
    let made = leaks + others + divisions + few + warnings
    return made.filter { $0.severity == .high } + made.filter { $0.severity == .low }
  }

  private func finding(
    _ severity: QualityWarning.Severity, _ column: String?, _ title: String, _ text: String,
    _ step: SuggestedStep? = nil
  ) -> DataExploration.Finding {
    .init(severity: severity, column: column, title: title, text: text, step: step)
  }

  private var leaks: [DataExploration.Finding] {
    powers.compactMap { score in
      guard let figure = score.score, score.verdict == .leak || score.verdict == .warning,
        found.features.contains(where: { $0.column == score.feature && $0.kind != nil })
      else { return nil }
      let measure = found.target.problem == .regression ? "R²" : "AUC"
      return finding(
        score.verdict == .leak ? .high : .low, score.feature, "Suspected leak",
        "It alone foretells the label with \(measure) \(Numbers.fixed(figure, 3)): make sure that it is known when one predicts.",
        SuggestedStep("drop", columns: [score.feature]))
    }
  }

  private var others: [DataExploration.Finding] {
    found.others.flatMap { other -> [DataExploration.Finding] in
      let name = other.role == .test ? "test" : "validation"
      var findings: [DataExploration.Finding] = []
      if other.repeated > 0 {
        let share = Double(other.repeated) / Double(max(1, other.rows))
        findings.append(
          finding(
            share >= 0.01 ? .high : .low, nil, "Rows in two sets",
            // Of a sample, others may equal rows that were not looked at.
            (found.isSampled ? "At least " : "")
              + "\(AnalysisBlock.counted(other.repeated, "\(name) row")) (\(Numbers.percent(share, of: 1))) "
              + "equal a row to learn from: scores on them are too good."))
      }
      if other.unlabelled > 0 {
        findings.append(
          finding(
            .low, found.target.column, "No known label",
            "\(AnalysisBlock.counted(other.unlabelled, "\(name) row")) without a label that is learnt: not judged."))
      }
      if !other.missingColumns.isEmpty {
        findings.append(
          finding(
            .high, nil, "Columns are missing",
            "The \(name) rows lack \(other.missingColumns.prefix(8).joined(separator: ", ")).",
            SuggestedStep("drop", columns: other.missingColumns)))
      }
      return findings
    }
  }

  private var divisions: [DataExploration.Finding] {
    let names = found.target.classes.map(\.name)
    guard !names.isEmpty else { return means }
    let folds = found.division.folds
    let unlearnt = folds.count { fold in
      zip(fold.learntOfClass, fold.judgedOfClass).contains { $0 == 0 && $1 > 0 }
    }
    let unjudged = folds.count { $0.judgedOfClass.contains(0) }
    var findings: [DataExploration.Finding] = []
    if unlearnt > 0 {
      findings.append(
        finding(
          .high, found.target.column, "Classes that are not learnt",
          "\(unlearnt) of \(folds.count) folds judge rows of a class of which they learn from none.",
          SuggestedStep("replace-rare", columns: [found.target.column])))
    }
    if unjudged > 0 {
      findings.append(
        finding(
          unjudged == folds.count ? .high : .low, found.target.column, "Classes that are not judged",
          "\(unjudged) of \(folds.count) folds judge no row of some class: their figures say nothing of it."))
    }
    return findings
  }

  /// Folds of numbers that are far from each other: groups or times differ, and scores will.
  private var means: [DataExploration.Finding] {
    let means = found.division.folds.compactMap(\.mean)
    guard found.division.kind != .random, means.count > 1, let low = means.min(), let high = means.max(),
      let spread = found.target.statistics?.figures?.sd, spread > 0, high - low > spread
    else { return [] }
    return [
      finding(
        .low, found.target.column, "Folds differ",
        "The mean label of folds is \(Numbers.short(low)) to \(Numbers.short(high)), further apart than one standard deviation."
      )
    ]
  }

  private var few: [DataExploration.Finding] {
    guard found.target.labelled < Self.fewRows else { return [] }
    return [
      finding(
        .low, nil, "Few rows",
        "\(AnalysisBlock.counted(found.target.labelled, "row")) with a label: differences between models are mostly luck."
      )
    ]
  }

  /// Those of the quality report; leaks are found here, and a column that is left out needs no warning.
  private var warnings: [DataExploration.Finding] {
    let used = Set(found.features.filter { $0.kind != nil }.map(\.column) + [found.target.column])
    return quality.warnings.compactMap { warning in
      guard warning.kind != .leakage else { return nil }
      if let column = warning.column, !used.contains(column), warning.kind != .constant { return nil }
      return finding(warning.severity, warning.column, warning.title, warning.text, warning.step)
    }
  }
}
