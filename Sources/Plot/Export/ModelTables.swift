// The numbers behind the charts of models, as rows.

extension OperatingCurves {
  /// One row a threshold of a model; the first is above every score.
  public var table: ChartTable? {
    let rows = curves.flatMap { curve in
      curve.points.map { point in
        let rest = [point.truePositives, point.falsePositives, positives, negatives].map { String($0) }
        return [curve.model, ChartTable.text(point.threshold)] + rest
      }
    }
    return ChartTable(
      columns: ["model", "threshold", "true_positives", "false_positives", "positives", "negatives"], rows: rows)
  }
}

extension ConfusionMatrix {
  public var table: ChartTable? {
    let rows = classes.indices.flatMap { row in
      classes.indices.map { [classes[row], classes[$0], String(count(row, $0))] }
    }
    return ChartTable(columns: ["actual", "predicted", "count"], rows: rows)
  }
}

extension Calibration {
  public var table: ChartTable? {
    let rows = bins.map { bin in
      [bin.lower, bin.upper, bin.predicted, bin.observed].map { ChartTable.text($0) } + [String(bin.count)]
    }
    return ChartTable(columns: ["lower", "upper", "predicted", "observed", "count"], rows: rows)
  }
}

extension LearningCurve {
  public var table: ChartTable? {
    let rows = (0..<max(training.count, validation.count)).map { place in
      [String(place + first)]
        + [training, validation].map { ChartTable.text(place < $0.count ? $0[place] : nil) }
    }
    return ChartTable(columns: [unit, "train_\(metric)", "validation_\(metric)"], rows: rows)
  }
}

extension ShapBars {
  public var table: ChartTable? {
    ChartTable(
      columns: ["feature", "mean_abs_shap", "correlation"],
      rows: items.map { [$0.feature, ChartTable.text($0.size), ChartTable.text($0.correlation)] })
  }
}

extension ShapSwarm {
  public var table: ChartTable? {
    let rows = features.flatMap { feature in
      feature.dots.map { [feature.name, String($0.row), ChartTable.text($0.shap), ChartTable.text($0.rank)] }
    }
    return ChartTable(columns: ["feature", "row", "shap", "rank"], rows: rows)
  }
}

extension ShapWaterfall {
  /// From the mean output to this row's.
  public var table: ChartTable? {
    var rows = [[beginning, "", ChartTable.text(base)]]
    rows += items.map { [$0.feature, $0.value ?? "", ChartTable.text($0.shap)] }
    if let others {
      rows.append(["(\(others.count) other\(others.count == 1 ? "" : "s"))", "", ChartTable.text(others.shap)])
    }
    rows.append([end, "", ChartTable.text(output)])
    return ChartTable(columns: ["feature", "value", "shap"], rows: rows)
  }
}

extension Dependence {
  /// The points, then the curve.
  public var table: ChartTable? {
    func row(_ point: Point, _ part: String) -> [String] {
      [part, ChartTable.text(point.x, axisKind), ChartTable.text(point.y), ChartTable.text(point.rank)]
    }
    return ChartTable(
      columns: ["part", feature, output, "rank"],
      rows: points.map { row($0, "point") } + curve.map { row($0, "curve") })
  }
}

extension EmbeddingMap {
  public var table: ChartTable? {
    let rows = points.map { point in
      let cluster = point.cluster.flatMap { clusters.indices.contains($0) ? clusters[$0] : nil } ?? ""
      return [point.label, ChartTable.text(point.x), ChartTable.text(point.y), cluster]
    }
    return ChartTable(columns: ["label", "x", "y", "cluster"], rows: rows)
  }
}

extension BiasPanel {
  /// One row a metric and group.
  public var table: ChartTable? {
    let rows = metrics.flatMap { metric in
      groups.enumerated().map { index, group in
        [metric.name, group, ChartTable.text(index < metric.values.count ? metric.values[index] : nil)]
          + [metric.allowed?.lowerBound, metric.allowed?.upperBound].map { ChartTable.text($0) }
      }
    }
    return ChartTable(columns: ["metric", column, "value", "allowed_from", "allowed_to"], rows: rows)
  }
}

extension Leaderboard {
  public var table: ChartTable? {
    let rows = entries.map { entry in
      [entry.model] + [entry.mean, entry.low, entry.high].map { ChartTable.text($0) }
        + [entry.rise.map { String($0) } ?? "", entry.state.rawValue]
    }
    return ChartTable(columns: ["model", metric, "low", "high", "rise", "state"], rows: rows)
  }
}
