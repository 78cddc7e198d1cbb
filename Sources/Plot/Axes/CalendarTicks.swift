// Ticks on calendar steps: whole seconds, minutes, hours, days, weeks (from Monday), months, quarters and years.
// Scored like numbers: near the wanted count, coarse units before odd ones, never illegible.

import Foundation

/// Ticks of a time axis.
enum CalendarTicks {
  enum Step: Equatable {
    case seconds(Double)
    case days(Int)
    case months(Int)
  }

  static let steps: [Step] =
    [0.001, 0.01, 0.1, 1, 5, 15, 30, 60, 300, 900, 1800, 3600, 10_800, 21_600, 43_200].map { Step.seconds($0) }
    + [1, 2, 7, 14].map { Step.days($0) }
    + [1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 6000, 12_000].map { Step.months($0) }

  struct Labelling {
    var values: [Double]
    var labels: [String]
  }

  /// The labelling of `range` (seconds since 1970) nearest to `target` labels that the caller finds legible.
  static func search(
    _ range: ClosedRange<Double>, target: Double, isLegible: (Labelling) -> Bool
  ) -> Labelling? {
    guard CalendarMoment(seconds: range.lowerBound) != nil, CalendarMoment(seconds: range.upperBound) != nil else {
      return nil
    }
    var best: (score: Double, labelling: Labelling)?
    for step in steps {
      let expected = (range.upperBound - range.lowerBound) / length(step)
      if expected > 400 || expected < 0.3 { continue }
      let values = values(range, step)
      if values.isEmpty { continue }
      let count = Double(values.count)
      let score = -max(count / target, target / count) - (values.count == 1 ? 2 : 0)
      if let best, best.score >= score { continue }
      for labels in labels(values, step, range) {
        let labelling = Labelling(values: values, labels: labels)
        if isLegible(labelling) {
          best = (score, labelling)
          break
        }
      }
    }
    return best?.labelling
  }

  static func length(_ step: Step) -> Double {
    switch step {
    case .seconds(let n): n
    case .days(let n): Double(n) * 86_400
    case .months(let n): Double(n) * 30.436875 * 86_400
    }
  }

  static func values(_ range: ClosedRange<Double>, _ step: Step) -> [Double] {
    var values: [Double] = []
    switch step {
    case .seconds(let n):
      var index = (range.lowerBound / n).rounded(.up)
      while index * n <= range.upperBound, values.count < 500 {
        values.append(index * n)
        index += 1
      }
    case .days(let n):
      // Day 4 of 1970 was a Monday (counting from 0: the 5th of January).
      let origin = n % 7 == 0 ? 4 : 0
      let first = ((range.lowerBound / 86_400 - Double(origin)) / Double(n)).rounded(.up)
      var day = Int(first) * n + origin
      while Double(day) * 86_400 <= range.upperBound, values.count < 500 {
        values.append(Double(day) * 86_400)
        day += n
      }
    case .months(let n):
      guard let start = CalendarMoment(seconds: range.lowerBound) else { return [] }
      var month = Int((Double(start.year * 12 + start.month - 1) / Double(n)).rounded(.down)) * n
      while values.count < 500 {
        let year = Int((Double(month) / 12).rounded(.down))
        let value = Double(CalendarMoment.days(year: year, month: month - year * 12 + 1, day: 1)) * 86_400
        if value > range.upperBound { break }
        if value >= range.lowerBound { values.append(value) }
        month += n
      }
    }
    return values
  }

  /// Ways to write the ticks, the fullest first.
  private static func labels(_ values: [Double], _ step: Step, _ range: ClosedRange<Double>) -> [[String]] {
    let moments = values.compactMap { CalendarMoment(seconds: $0 + 1e-6) }
    guard moments.count == values.count else { return [] }
    let first = CalendarMoment(seconds: range.lowerBound)
    let last = CalendarMoment(seconds: range.upperBound)
    switch step {
    case .months(let n):
      return [moments.map(n % 12 == 0 ? \.yearText : \.monthText)]
    case .days:
      return first?.year == last?.year
        ? [moments.map(\.dayText), moments.map(\.shortDayText)] : [moments.map(\.dayText)]
    case .seconds(let n):
      let time = moments.map(n < 1 ? \.fractionText : n < 60 ? \.secondText : \.minuteText)
      if first?.dayText == last?.dayText { return [time] }
      let dated = zip(moments, time).map { $0.shortDayText + " " + $1 }
      // A new day is named by its date, the hours within it by the hour alone.
      let mixed = zip(moments, time).map { $0.hour == 0 && $0.minute == 0 ? $0.shortDayText : $1 }
      return [dated, mixed]
    }
  }
}

extension CalendarMoment {
  fileprivate var fractionText: String {
    let text = Numbers.trimmed(Numbers.fixed(second, 3))
    return minuteText + ":" + (second < 10 ? "0" : "") + text
  }
}
