import Foundation
import Frame
import Learn
import Numerics
import ProgramDriver

/// A model on disk, trained once for all tests of the process.
struct Models {
  /// Loans: `income`, `city` and `since`, of which `approved` follows; an id that no model uses.
  static let loans: (bundle: ModelBundle, folder: String) = train(target: "approved")
  /// The same rows, with the limit as a number.
  static let limits: (bundle: ModelBundle, folder: String) = train(target: "limit")

  static let table: DataTable = {
    var random = RandomSource(seed: 1)
    var (income, city, since, approved, limit): ([Double], [String], [Int32], [String], [Double]) = ([], [], [], [], [])
    var valid: [Bool] = []
    for _ in 0..<240 {
      let place = random.nextIndex(below: 4)
      income.append((random.nextUnit() * 1000).rounded() / 10)
      valid.append(random.nextUnit() > 0.1)
      city.append(["Basel", "Chur, GR", "Genf \"GE\"", "Zürich"][place])
      since.append(Int32(19_000 + random.nextIndex(below: 900)))
      approved.append(income[income.count - 1] + (place == 2 ? 30 : 0) > 60 ? "yes" : "no, sorry")
      limit.append(1000 * income[income.count - 1] + random.nextNormal())
    }
    func column(_ name: String, _ type: String, _ data: ColumnData, _ valid: [Bool]? = nil) -> TypedColumn {
      TypedColumn(column: Column(name: name, type: type), data: data, valid: valid)
    }
    return DataTable(columns: [
      column("id", "BIGINT", .integers((1...240).map { Int64($0) })),
      column("income", "DOUBLE", .reals(income), valid), column("city", "VARCHAR", .texts(city)),
      column("since", "DATE", .dates(since)), column("approved", "VARCHAR", .texts(approved)),
      column("limit", "DOUBLE", .reals(limit)),
    ])
  }()

  private static func train(target: String) -> (ModelBundle, String) {
    do {
      let folder = FileManager.default.temporaryDirectory.path + "/assay-serving-\(UUID().uuidString)"
      let other = target == "limit" ? "approved" : "limit"
      let rows = DataTable(columns: table.columns.filter { $0.column.name != other })
      let options = AutoMLOptions(
        target: target, timeLimit: 120, preset: .quick, seed: 1, threads: 2, candidateLimit: 3)
      _ = try autoML(rows, options: options, folder: folder)
      return (try ModelBundle(folder: folder), folder)
    } catch {
      fatalError("no model: \(error)")
    }
  }

  /// A row as CSV, in the order of the model's columns.
  static func csv(_ row: Int, columns: [String] = ["income", "city", "since"]) -> String {
    columns.map { name in
      let text = table[name]?.text(row) ?? ""
      return text.contains { ",\"".contains($0) } ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
    }.joined(separator: ",")
  }
}
