// The analyses "Seasonal-trend decomposition" and "Anomaly detection" of a time series.

import Frame
import Jobs
import Numerics
import Plot

/// How a series is decomposed and searched.
public struct SeriesOptions: Codable, Sendable, Equatable {
  /// Values in a period; guessed from the series' correlation with itself where nil.
  public var period: Int?
  /// The neighbourhoods of STL, odd; nil takes the usual ones (see `SeasonalTrendOptions`).
  public var seasonal: Int
  public var trend, lowPass: Int?
  public var isRobust: Bool
  /// Standard deviations from the mean residual beyond which a value is an anomaly.
  public var deviations: Double

  public init(
    period: Int? = nil, seasonal: Int = 7, trend: Int? = nil, lowPass: Int? = nil, isRobust: Bool = false,
    deviations: Double = 3
  ) {
    (self.period, self.seasonal, self.trend, self.lowPass) = (period, seasonal, trend, lowPass)
    (self.isRobust, self.deviations) = (isRobust, deviations)
  }
}

/// A series as season, trend and residual, and the values whose residual stands out.
public struct SeriesDecomposition: AnalysisReport {
  /// A value far from what season and trend say.
  public struct Anomaly: Codable, Sendable, Equatable {
    /// The place in `times`.
    public var index: Int
    /// The time as text.
    public var time: String
    public var value: Double
    /// Season and trend.
    public var expected: Double
    /// Standard deviations of the residual from its mean.
    public var deviations: Double
  }

  public var timeColumn, valueColumn: String
  public var scale: ColumnInspection.NumberFigures.Scale
  /// What STL worked with.
  public var settings: SeasonalTrendOptions
  /// Whether the period was guessed, and the correlation that it was guessed by.
  public var isPeriodGuessed: Bool
  public var periodCorrelation: Double?
  public var rows: Int
  /// Rows without a time, and rows without a finite value: left out.
  public var withoutTime, withoutValue: Int
  /// Rows joined with others of the same time, into their mean.
  public var merged: Int
  /// Times without a value, put on a straight line between their neighbours.
  public var filled: Int
  /// The distance of neighbours in seconds, or in the unit of the time column; nil where it differs.
  public var step: Double?
  /// [n], rising.
  public var times: [Double]
  /// [n] each.
  public var observed, season, trend, residual: [Double]
  /// Of the residuals; the deviation divided by n − 1.
  public var residualMean, residualDeviation: Double
  public var deviations: Double
  /// In the order of time.
  public var anomalies: [Anomaly]
}

/// Decomposes a series by STL (Cleveland et al. 1990) and finds the values whose residual lies more than some standard
/// deviations from the mean residual.
///
/// The values are taken in the order of time. Where all distances are multiples of the smallest, missing times are filled in;
/// else the values are taken as evenly spaced.
/// - Throws: `SeriesError`, `InsightError`, `FrameError` or `JobCancelled`.
public func seriesDecomposition(
  of value: String, along time: String, options: SeriesOptions = SeriesOptions(), relation: String, schema: Schema,
  in database: Database, context: any JobContext = SilentContext()
) throws -> SeriesDecomposition {
  let series = try SeriesReader(
    time: schema.required(time), value: schema.required(value), relation, database, context)
  var guess: (period: Int, correlation: Double)?
  if options.period == nil {
    context.report(nil, "looking for a period")
    try context.checkCancelled()
    // A hundred thousand values say what all would.
    guess = Autocorrelation.period(Array(series.values.prefix(100_000)))
    if guess == nil { throw SeriesError.noPeriod(column: value) }
  }
  let period = options.period ?? guess?.period ?? 2
  let settings = SeasonalTrendOptions(
    period: period, seasonal: options.seasonal, trend: options.trend, lowPass: options.lowPass,
    isRobust: options.isRobust)
  context.report(nil, "decomposing")
  let parts = try SeasonalTrend(series.values, options: settings) { try context.checkCancelled() }
  guard let parts else { throw SeriesError.tooShort(values: series.values.count, period: settings.period) }
  let mean = Statistics.mean(parts.residual)
  let deviation = Statistics.standardDeviation(parts.residual)
  // What rounding leaves is no deviation.
  let size = series.values.reduce(0) { max($0, abs($1)) }
  let limit = max(0, options.deviations)
  var anomalies: [SeriesDecomposition.Anomaly] = []
  if deviation > 1e-12 * size {
    for (index, residual) in parts.residual.enumerated() where abs(residual - mean) > limit * deviation {
      anomalies.append(
        .init(
          index: index, time: SeriesReader.text(series.times[index], series.scale), value: series.values[index],
          expected: parts.season[index] + parts.trend[index], deviations: (residual - mean) / deviation))
    }
  }
  return SeriesDecomposition(
    timeColumn: time, valueColumn: value, scale: series.scale, settings: settings,
    isPeriodGuessed: options.period == nil, periodCorrelation: guess?.correlation, rows: series.rows,
    withoutTime: series.withoutTime, withoutValue: series.withoutValue, merged: series.merged, filled: series.filled,
    step: series.step, times: series.times, observed: series.values, season: parts.season, trend: parts.trend,
    residual: parts.residual, residualMean: mean, residualDeviation: deviation, deviations: limit,
    anomalies: anomalies)
}

extension SeriesDecomposition {
  /// How much of what the other parts leave is season or trend, 0 to 1 (Wang, Smith and Hyndman 2006,
  /// doi:10.1007/s10618-005-0039-x).
  public var seasonStrength: Double { strength(season) }
  public var trendStrength: Double { strength(trend) }

  private func strength(_ part: [Double]) -> Double {
    let whole = Statistics.variance(zip(part, residual).map { $0 + $1 })
    return whole > 0 ? max(0, 1 - Statistics.variance(residual) / whole) : 0
  }

  public var blocks: [AnalysisBlock] {
    let guessed = periodCorrelation.map {
      " (guessed: the values correlate by \(Numbers.fixed($0, 2)) at that distance)"
    }
    var blocks: [AnalysisBlock] = [
      .heading("\(valueColumn) by \(timeColumn)"),
      .sentence(
        "STL\(settings.isRobust ? ", robust" : "") of \(AnalysisBlock.counted(times.count, "value")): period "
          + "\(settings.period)\(guessed ?? ""), windows of \(settings.seasonal) seasons, \(settings.trend) values for the trend, "
          + "\(settings.lowPass) for the filter."),
    ]
    let dropped = [
      (withoutTime, "without a time left out"), (withoutValue, "without a value left out"),
      (merged, "joined with others of the same time"),
    ].filter { $0.0 > 0 }.map { "\(AnalysisBlock.counted($0.0, "row")) \($0.1)" }
    let gaps =
      filled > 0 ? ["\(AnalysisBlock.counted(filled, "time")) without a value filled in on straight lines"] : []
    let uneven = step == nil ? ["the times are not evenly spaced, and are taken as if they were"] : []
    let notes = dropped + gaps + uneven
    if !notes.isEmpty {
      blocks.append(.sentence("Of \(AnalysisBlock.counted(rows, "row")): \(notes.joined(separator: "; "))."))
    }
    blocks += [
      .sentence(
        "Strength of the season \(Numbers.fixed(seasonStrength, 2)), of the trend \(Numbers.fixed(trendStrength, 2)). "
          + "Residual: mean \(Numbers.short(residualMean)), standard deviation \(Numbers.short(residualDeviation))."),
      .heading("Anomalies"),
      .sentence(
        "\(AnalysisBlock.counted(anomalies.count, "value")) whose residual lies more than \(Numbers.short(deviations)) standard "
          + "deviations from the mean."),
    ]
    if !anomalies.isEmpty {
      let ranked = anomalies.sorted { abs($0.deviations) > abs($1.deviations) }.prefix(50)
      if anomalies.count > 50 { blocks.append(.sentence("The 50 farthest:")) }
      blocks.append(
        .table(
          headings: [timeColumn, valueColumn, "expected", "deviations"],
          rows: ranked.map {
            [
              $0.time, Numbers.short($0.value, digits: 6), Numbers.short($0.expected, digits: 6),
              Numbers.fixed($0.deviations, 1),
            ]
          }))
    }
    return blocks
  }

  public var charts: [(title: String, chart: Chart)] {
    let isTime = scale == .date || scale == .timestamp
    let kind: AxisKind = isTime ? .time : scale == .integer ? .integer : .number
    func line(_ title: String, _ series: [LineChart.Series]) -> (title: String, chart: Chart) {
      let chart = LineChart(
        heading: "\(title) of \(valueColumn)", x: timeColumn, y: title.lowercased(), positions: times, series: series,
        missing: withoutTime + withoutValue, total: rows, xKind: kind)
      return (title, .content(chart))
    }
    var charts = [
      line("Observed", [.init(name: "observed", values: observed)]),
      line("Trend", [.init(name: "trend", values: trend)]),
      line("Season", [.init(name: "season", values: season)]),
      line("Residual", [.init(name: "residual", values: residual)]),
    ]
    let far = Set(anomalies.map(\.index))
    let points = times.indices.map { Scatter.Point(x: times[$0], y: observed[$0], category: far.contains($0) ? 1 : 0) }
    charts.append(
      (
        "Anomalies",
        .scatter(
          Scatter(
            title: "Anomalies of \(valueColumn)", x: timeColumn, y: valueColumn, colorBy: "anomaly", points: points,
            categories: ["ordinary", "anomaly"], missing: withoutTime + withoutValue, total: rows, xKind: kind))
      ))
    return charts
  }
}
