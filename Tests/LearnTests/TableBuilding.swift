import Foundation
import Frame
import Jobs
import Numerics

/// Makes a column of a table from cells, nil being a missing one.
func column(_ name: String, _ cells: [Int?]) -> TypedColumn {
  TypedColumn(
    column: Column(name: name, type: "BIGINT"), data: .integers(cells.map { Int64($0 ?? 0) }), valid: valid(cells))
}

func column(_ name: String, _ cells: [Double?]) -> TypedColumn {
  TypedColumn(column: Column(name: name, type: "DOUBLE"), data: .reals(cells.map { $0 ?? 0 }), valid: valid(cells))
}

func column(_ name: String, _ cells: [String?]) -> TypedColumn {
  TypedColumn(column: Column(name: name, type: "VARCHAR"), data: .texts(cells.map { $0 ?? "" }), valid: valid(cells))
}

func column(_ name: String, _ cells: [Bool?]) -> TypedColumn {
  TypedColumn(
    column: Column(name: name, type: "BOOLEAN"), data: .booleans(cells.map { $0 ?? false }), valid: valid(cells))
}

func dates(_ name: String, _ days: [Int32]) -> TypedColumn {
  TypedColumn(column: Column(name: name, type: "DATE"), data: .dates(days))
}

func timestamps(_ name: String, _ micros: [Int64]) -> TypedColumn {
  TypedColumn(column: Column(name: name, type: "TIMESTAMP"), data: .timestamps(micros))
}

private func valid<Cell>(_ cells: [Cell?]) -> [Bool]? {
  cells.contains { $0 == nil } ? cells.map { $0 != nil } : nil
}

/// Loans: `approved` follows `income` and `city`, and `noise` means nothing.
func loans(rows: Int = 600, seed: UInt64 = 1) -> DataTable {
  var random = RandomSource(seed: seed)
  let cities = ["Basel", "Chur", "Genf", "Zug"]
  var income: [Double?] = []
  var city: [String?] = []
  var noise: [Double?] = []
  var approved: [String?] = []
  for _ in 0..<rows {
    let money = random.nextUnit() * 100
    let place = random.nextIndex(below: 4)
    let score = money + (place == 2 ? 30 : 0) + random.nextNormal() * 8
    income.append(random.nextUnit() < 0.05 ? nil : money)
    city.append(random.nextUnit() < 0.05 ? nil : cities[place])
    noise.append(random.nextUnit())
    approved.append(score > 75 ? "yes" : "no")
  }
  return DataTable(columns: [
    column("income", income), column("city", city), column("noise", noise), column("approved", approved),
  ])
}

/// Friedman's first function (1991, doi:10.1214/aos/1176347963) of five of seven uniform columns, with noise of deviation 1.
func friedman(rows: Int = 2_000, seed: UInt64 = 2) -> DataTable {
  var random = RandomSource(seed: seed)
  var features = Array(repeating: [Double?](), count: 7)
  var label: [Double?] = []
  for _ in 0..<rows {
    let x = (0..<7).map { _ in random.nextUnit() }
    for index in 0..<7 { features[index].append(x[index]) }
    let curve = 10 * sin(Double.pi * x[0] * x[1]) + 20 * (x[2] - 0.5) * (x[2] - 0.5)
    label.append(curve + 10 * x[3] + 5 * x[4] + random.nextNormal())
  }
  return DataTable(columns: features.enumerated().map { column("x\($0)", $1) } + [column("y", label)])
}

/// A context that asks to stop once so many reports have come in, and remembers when.
final class StoppingContext: JobContext, @unchecked Sendable {
  private let lock = NSLock()
  private let limit: Int
  private var count = 0
  private var moment: Date?
  private var fractionsSeen: [Double] = []

  init(after limit: Int) { self.limit = limit }

  var stopped: Date? { lock.withLock { moment } }
  var reports: Int { lock.withLock { count } }
  var fractions: [Double] { lock.withLock { fractionsSeen } }

  func checkCancelled() throws {
    if stopped != nil { throw JobCancelled() }
  }

  func report(_ fraction: Double?, _ note: String) {
    lock.withLock {
      count += 1
      if let fraction { fractionsSeen.append(fraction) }
      if count == limit { moment = Date() }
    }
  }

  func emit(_ partial: any Sendable) {}
  func onCancel(_ action: @escaping @Sendable () -> Void) {}
}
