// Why a metric has no value.

extension CellPair {
  /// What stops the metric, in words that name the groups; in the mode `smclarify` what the library says.
  func failure(of metric: BiasMetric, _ mode: BiasSpec.Mode, groupA: String, groupD: String) -> String {
    if mode == .smclarify { return libraryFailure(of: metric) }
    if metric == .ge {
      return a.rows + d.rows > 0
        ? "every row is positive and predicted negative, so the mean benefit is 0" : "there are no rows"
    }
    if d.rows == 0 { return "no row is \(groupD)" }
    if a.rows == 0 { return "no row is \(groupA)" }
    func lacking(_ what: String, _ count: (Cells) -> Double) -> String {
      switch (count(a) == 0, count(d) == 0) {
      case (true, true): "no row of either group \(what)"
      case (true, false): "no row of \(groupA) \(what)"
      default: "no row of \(groupD) \(what)"
      }
    }
    switch metric {
    case .rd: return lacking("has the positive label", \.positives)
    case .sd: return lacking("has a negative label", \.negatives)
    case .dar: return lacking("is predicted positive", \.predicted)
    case .drr: return lacking("is predicted negative", \.rejected)
    case .dca: return lacking("is predicted positive", \.predicted)
    case .dcr: return lacking("is predicted negative", \.rejected)
    case .te: return lacking("is a false acceptance", \.fp)
    case .cddl, .cddpl, .ft: return "these counts do not say"
    case .ci, .dpl, .kl, .js, .lp, .tvd, .ks, .dppl, .di, .ad, .ge: return "it has no value"
    }
  }

  private func libraryFailure(of metric: BiasMetric) -> String {
    let isEmpty = d.rows == 0
    switch metric {
    case .ci:
      return isEmpty
        ? "CI: facet set is empty. Check that x[facet] has non-zero length."
        : "CI: negated facet set is empty. Check that x[~facet] has non-zero length."
    case .dpl, .dppl: return a.rows == 0 ? "Negative facet set is empty." : "Facet set is empty."
    case .di: return a.rows == 0 ? "Negated facet set is empty" : "Facet set is empty"
    case .kl, .js, .lp, .tvd, .ks: return "No instance of common facet found, dataset may be too small"
    case .dca, .dcr: return isEmpty ? "DCO: Facet set is empty" : "DCO: Negated Facet set is empty"
    case .dar, .drr: return isEmpty ? "DLR: Facet set is empty" : "DLR: Negated Facet set is empty"
    case .rd, .sd: return isEmpty ? "DLA: Facet set is empty" : "DLA: Negated Facet set is empty"
    case .ad, .te, .ft: return isEmpty ? "Facet set is empty" : "Negated Facet set is empty"
    case .cddl, .cddpl: return "Group variable is empty or not provided"
    case .ge:
      return "All predicted labels are false negatives. There should be at least one prediction that is not false "
        + "negative."
    }
  }
}
