// The order in which people file texts: runs of digits by their number, so that file2 stands before file10.

/// Natural order of texts, as SQL with the functions that each `Database` has.
public enum NaturalOrder {
  /// Bytes of a key that `head` orders by.
  public static let headLength = 16

  /// SQL for a text that sorts as `text` shall, and is another for every text.
  public static func key(_ text: String) -> String { "natural_key(\(text))" }

  /// SQL for a number that sorts as `text` shall where its key has at most `headLength` bytes.
  public static func head(_ text: String) -> String { "natural_head(\(text))" }

  /// SQL for the number of bytes of the key.
  public static func length(_ text: String) -> String { "strlen(natural_key(\(text)))" }
}
