// Every transform that has a file of its own, by family, in the order of the menu. The families stand beside their files.

/// The transforms by their ids.
public enum TransformCatalogue {
  public static let all: [any Transform.Type] = tables + values + texts

  private static let byID: [String: any Transform.Type] = Dictionary(
    all.map { ($0.info.id, $0) }, uniquingKeysWith: { first, _ in first })

  /// The transform with an id; nil where this version does not know it.
  public static func transform(_ id: String) -> (any Transform.Type)? { byID[id] }
}
