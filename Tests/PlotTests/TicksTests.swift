import Foundation
import Testing

@testable import Plot

@Suite struct TicksTests {
  @Test func wilkinsonChoosesRoundNumbers() {
    #expect(Ticks.wilkinson(17...90, target: 8) == [20, 30, 40, 50, 60, 70, 80, 90])
    #expect(Ticks.wilkinson(0...12_435, target: 6) == [0, 2500, 5000, 7500, 10_000, 12_500])
    #expect(Ticks.wilkinson(0...1, target: 5) == [0, 0.25, 0.5, 0.75, 1])
    #expect(Ticks.wilkinson(-1...1, target: 5) == [-1, -0.5, 0, 0.5, 1])
    #expect(Ticks.wilkinson(0.1...0.3, target: 5) == [0.1, 0.15, 0.2, 0.25, 0.3])
  }

  @Test func integersNeverGetFractions() {
    for high in 1...40 {
      for target in 2...12 {
        let values = Ticks.wilkinson(0...Double(high), target: Double(target), isInteger: true)
        #expect(values.allSatisfy { $0 == $0.rounded() }, "\(high) \(target) \(values)")
        #expect(!values.isEmpty, "\(high) \(target)")
      }
    }
  }

  @Test func ticksRiseAndStayNearTheRange() {
    var noise = Fixtures.Noise(seed: 11)
    for _ in 0..<400 {
      let low = noise.normal() * pow(10, (noise.uniform() * 20 - 10).rounded())
      let high = low + abs(noise.normal()) * pow(10, (noise.uniform() * 20 - 10).rounded())
      guard high > low else { continue }
      let values = Ticks.wilkinson(low...high, target: 3 + noise.uniform() * 9)
      #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 }, "\(low)...\(high) \(values)")
      if let first = values.first, let last = values.last, values.count > 1 {
        #expect(first > low - (high - low) && last < high + (high - low), "\(low)...\(high) \(values)")
      }
    }
  }

  @Test func degenerateRangesGiveOneTickOrNone() {
    #expect(Ticks.wilkinson(5...5, target: 5) == [5])
    #expect(Ticks.wilkinson(0...Double.infinity, target: 5).isEmpty)
    #expect(Ticks.wilkinson(0...1, target: 5, isLegible: { _ in false }).isEmpty)
  }

  @Test func labelsNeverTouch() {
    var noise = Fixtures.Noise(seed: 23)
    for width in 1...120 {
      for kind in [AxisKind.number, .integer, .time] {
        let low = noise.normal() * pow(10, (noise.uniform() * 12 - 3).rounded())
        let high = low + (0.1 + noise.uniform()) * pow(10, (noise.uniform() * 12 - 3).rounded())
        let axis = Axis.horizontal(
          low...high, kind: kind, cells: width, overhang: 7, mapping: .dots(2), extends: kind != .time)
        var end = -8
        for tick in axis.ticks {
          let start = Axis.labelStart(tick, cells: width)
          #expect(start > end, "\(low)...\(high) \(width) \(axis.ticks)")
          end = start + tick.label.count
          #expect(end <= width)
          #expect(tick.cell >= 0 && tick.cell < width)
        }
        // Hours come again every day.
        if kind != .time { #expect(Set(axis.ticks.map(\.label)).count == axis.ticks.count, "\(axis.ticks)") }
      }
    }
  }

  @Test func labelsAreShort() {
    #expect(AxisLabels.format([0, 2500, 5000]) == ["0", "2500", "5000"])
    #expect(AxisLabels.format([0, 0.25, 0.5, 1]) == ["0", "0.25", "0.5", "1"])
    #expect(AxisLabels.format([0, 500_000, 1_000_000]) == ["0", "0.5M", "1M"])
    #expect(AxisLabels.format([0, 2.5e9]) == ["0", "2.5G"])
    #expect(AxisLabels.format([1e-7, 2e-7]) == ["1e-07", "2e-07"])
    #expect(AxisLabels.format([1_000_000, 1_000_001]) == ["1000000", "1000001"])
  }

  @Test func timeTicksFallOnCalendarSteps() {
    func labels(_ low: Double, _ high: Double, _ width: Int = 72) -> [String] {
      Axis.horizontal(low...high, kind: .time, cells: width, overhang: 7, mapping: .edges, extends: false)
        .ticks.map(\.label)
    }
    let day = 86_400.0
    let start = 1_420_070_400.0  // 2015-01-01
    #expect(labels(start, start + 1095 * day).first == "2015-01")
    #expect(labels(start, start + 3650 * day).allSatisfy { $0.count == 4 })
    #expect(labels(start, start + 30 * day).allSatisfy { $0.hasPrefix("2015-01-") || $0.hasPrefix("01-") })
    #expect(labels(start + 3600, start + 5 * 3600).allSatisfy { $0.hasSuffix(":00") || $0.hasSuffix(":30") })
    #expect(labels(start, start + 2).allSatisfy { $0.hasPrefix("00:00:0") })
    #expect(labels(start, start + 3650 * day, 12).count >= 1)
  }

  @Test func calendarAgreesWithKnownDates() {
    #expect(CalendarMoment(seconds: 0)?.dayText == "1970-01-01")
    #expect(CalendarMoment(seconds: 951_782_400)?.dayText == "2000-02-29")
    #expect(CalendarMoment(seconds: -1)?.secondText == "23:59:59")
    #expect(CalendarMoment(seconds: -2_208_988_800)?.dayText == "1900-01-01")
    for day in stride(from: -800_000, through: 800_000, by: 997) {
      let (y, m, d) = CalendarMoment.date(days: day)
      #expect(CalendarMoment.days(year: y, month: m, day: d) == day)
    }
  }
}

@Suite struct NumbersTests {
  @Test func numbersReadAsPeopleWriteThem() {
    #expect(Numbers.grouped(32_561) == "32,561")
    #expect(Numbers.grouped(-1000) == "-1,000")
    #expect(Numbers.grouped(Int.min) == "-9,223,372,036,854,775,808")
    #expect(Numbers.percent(1713, of: 32_561) == "5.3%")
    #expect(Numbers.percent(1, of: 1_000_000) == "<0.1%")
    #expect(Numbers.percent(999_999, of: 1_000_000) == ">99.9%")
    #expect(Numbers.percent(0, of: 10) == "0.0%")
    #expect(Numbers.percent(1, of: 0) == "-")
    #expect(Numbers.short(38.5816) == "38.58")
    #expect(Numbers.short(0.00214) == "0.00214")
    #expect(Numbers.short(-0.5) == "-0.5")
    #expect(Numbers.short(1.5e-9) == "1.5e-09")
    #expect(Numbers.short(123_456.7) == "123,457")
    #expect(Numbers.short(.leastNonzeroMagnitude).hasSuffix("e-324"))
    #expect(Numbers.fixed(-0.001, 2) == "0.00")
    #expect(Numbers.moment(0) == "1970-01-01")
    #expect(Numbers.duration(604_800) == "7 d")
  }
}
