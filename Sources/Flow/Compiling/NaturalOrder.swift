// The order in which people file texts: runs of digits by their number, so that file2 stands before file10.

/// Natural order of texts, as SQL with the functions that each `Database` has.
public enum NaturalOrder {
  /// SQL for a text that sorts as `text` shall, and is another for every text.
  public static func key(_ text: String) -> String { "natural_key(\(text))" }

  /// Bytes of a key that `place` looks at.
  public static let placeLength = 12

  /// SQL for a number that sorts as `text` shall where its key has at most `placeLength` bytes, missing texts last, and
  /// equal ones by `row`, a whole number below 2^32: the number's last 32 bits.
  public static func place(_ text: String, row: String, descending: Bool) -> String {
    "natural_place(\(text), \(row), \(descending))"
  }
}
