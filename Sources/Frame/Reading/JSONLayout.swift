/// Everything that is fixed about a JSON file once its beginning has been read, and the SQL that reads it so.
struct JSONLayout: Hashable, Sendable {
  enum Shape: String, Hashable, Sendable {
    /// One array of records.
    case array
    /// One record a line.
    case lines = "newline_delimited"
    /// Records one after the other, laid out at will.
    case stream = "unstructured"
    /// Packed: DuckDB tells.
    case auto
  }

  var shape: Shape
  var isGzip = false
  /// Nil where the records are not objects: then DuckDB's own reading is kept.
  var columns: Schema?

  /// Records that are looked at for columns and types, unless the file is small.
  static let sample = 20_480

  func select(_ path: String) -> String {
    let types = columns?.map { "\(SQL.text($0.name)): \(SQL.text($0.type))" }.joined(separator: ", ")
    return "SELECT * FROM " + call(path, types.map { "columns = {\($0)}" } ?? "sample_size = \(Self.sample)")
  }

  /// The SQL whose columns DuckDB infers from the first `sample` records, or from all.
  func inference(_ path: String, readsAll: Bool) -> String {
    "SELECT * FROM " + call(path, "sample_size = \(readsAll ? -1 : Self.sample)")
  }

  private func call(_ path: String, _ argument: String) -> String {
    "read_json(\(SQL.text(path)), format = '\(shape.rawValue)', compression = '\(isGzip ? "gzip" : "uncompressed")', "
      + "maximum_object_size = 67108864, map_inference_threshold = -1, \(argument))"
  }

  /// The shape that the first bytes of a file have.
  static func shape(of head: [UInt8]) -> Shape {
    let text = head.drop { $0 <= 0x20 || $0 == 0xEF || $0 == 0xBB || $0 == 0xBF }
    if text.first == UInt8(ascii: "[") { return .array }
    let line = text.prefix { $0 != 0x0A }
    return isBalanced(line) ? .lines : .stream
  }

  /// True when every brace and bracket of the text is closed, those in strings aside.
  private static func isBalanced(_ text: ArraySlice<UInt8>) -> Bool {
    var (depth, isInString, isEscaped) = (0, false, false)
    for byte in text {
      if isInString {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isInString = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isInString = true
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      default: break
      }
    }
    return depth == 0 && !isInString
  }
}
