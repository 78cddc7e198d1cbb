import Testing

@testable import Engine

struct GlossaryTests {
  @Test func everyEntryIsWhole() {
    #expect(Glossary.all.count > 150)
    for entry in Glossary.all {
      #expect(entry.text.count > 12 && entry.text.hasSuffix("."), "\(entry.term)")
      #expect(entry.aliases.allSatisfy { !$0.isEmpty }, "\(entry.term)")
    }
    #expect(Set(Glossary.all.map { $0.term.lowercased() }).count == Glossary.all.count)
  }

  @Test(arguments: [
    "quantile", "IQR", "skew", "kurtosis", "Freedman–Diaconis", "LOESS", "Pearson r", "Spearman", "Cramér's V", "VIF",
    "AUC", "F1", "log loss", "RMSE", "R²", "MAE", "MSE", "ROC", "PR", "calibration", "ECE", "Brier", "Wilson interval",
    "SHAP", "gain", "PDP", "ICE", "mutual information", "information value", "PSI", "accuracy", "precision", "recall",
    "baseline", "balanced_accuracy", "f1_macro", "f1_positive", "log_loss", "auc", "mse", "rmse", "mae", "r2",
    "missing", "distinct", "min", "max", "mean", "median", "stddev", "top", "mean |SHAP|", "importance",
  ])
  func figuresOnScreenAreExplained(term: String) { #expect(Glossary.entry(term) != nil, "\(term)") }

  @Test(arguments: [
    "CI", "DPL", "KL", "JS", "LP", "TVD", "KS", "CDDL", "DPPL", "DI", "DCAcc", "DCA", "DCR", "RD", "SD", "DAR", "DRR",
    "AD", "TE", "CDDPL", "FT", "GE",
  ])
  func biasMetricsHaveFormulaRangeAndSource(term: String) throws {
    let entry = try #require(Glossary.entry(term))
    #expect(entry.formula != nil && entry.range != nil && entry.source != nil, "\(term): \(entry)")
  }

  @Test func shortFormsOfBiasMetricsAreNotTakenForSomethingElse() {
    #expect(Glossary.entry("sd")?.term == "SD")
    #expect(Glossary.entry("stddev")?.term == "standard deviation")
    #expect(Glossary.entry("DPL")?.formula == "DPL = q_a - q_d,  q = n1 / n")
  }

  @Test func caseBlanksAndHyphensDoNotMatter() {
    #expect(Glossary.entry("log-LOSS")?.term == "log loss")
    #expect(Glossary.entry("cramers v")?.term == "Cramér's V")
    #expect(Glossary.entry("") == nil)
    #expect(Glossary.entry("🦔") == nil)
  }

  @Test func anUnknownTermIsAnsweredWithNearOnes() {
    #expect(Glossary.suggestions(for: "kurtosys").first?.term == "kurtosis")
    #expect(Glossary.suggestions(for: "xyzzy").isEmpty)
    #expect(Glossary.suggestions(for: "").isEmpty)
  }
}
