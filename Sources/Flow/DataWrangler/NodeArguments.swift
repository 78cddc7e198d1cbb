/// The parameters of a node, read leniently: numbers may be texts, a column may stand alone or in a list. Remembers what
/// has been read, so that what nobody asked for can be named.
final class NodeArguments {
  private let values: [String: Parameter]
  private var read: Set<String> = []
  private var children: [NodeArguments] = []
  /// Sub-objects of other variants stand beside the chosen one and say nothing.
  private var hasVariants = false

  init(_ values: [String: Parameter]) { self.values = values }

  private func value(_ names: [String]) -> Parameter? {
    for name in names {
      guard let value = values[name] else { continue }
      read.insert(name)
      if value != .missing { return value }
    }
    return nil
  }

  /// A text that is not empty; blanks count.
  func text(_ names: String...) -> String? {
    switch value(names) {
    case .text(let text)?: text.isEmpty ? nil : text
    case .number(let number)?: Self.written(number)
    case .flag(let flag)?: flag ? "true" : "false"
    case .list(let items)?: items.count == 1 ? items[0].text : nil
    case .record, .missing, nil: nil
    }
  }

  func number(_ names: String...) -> Double? {
    if let flag = value(names)?.flag { return flag ? 1 : 0 }
    return value(names)?.number
  }

  func integer(_ names: String...) -> Int? {
    value(names)?.number.flatMap { Int(exactly: $0.rounded(.towardZero)) }
  }

  func flag(_ names: String...) -> Bool? {
    switch value(names) {
    case .flag(let flag)?: flag
    case .text(let text)?: ["true", "yes", "1"].contains(text.lowercased())
    case .number(let number)?: number != 0
    case .list, .record, .missing, nil: nil
    }
  }

  /// Names of columns: a text, or a list.
  func columns(_ names: String...) -> [String] {
    switch value(names) {
    case .text(let text)?: text.isEmpty ? [] : [text]
    case .list(let items)?: items.compactMap(\.text).filter { !$0.isEmpty }
    case .number, .flag, .record, .missing, nil: []
    }
  }

  func rows(_ name: String) -> [NodeArguments] {
    let rows = value([name])?.list?.compactMap { $0.record.map { NodeArguments($0) } } ?? []
    children += rows
    return rows
  }

  func record(_ name: String) -> NodeArguments? {
    guard let fields = value([name])?.record else { return nil }
    let child = NodeArguments(fields)
    children.append(child)
    return child
  }

  /// The sub-object of a variant: `One-hot encode` has `one_hot_encode_parameters`, and some write the name as it is.
  func variant(_ name: String, also others: String...) -> NodeArguments {
    hasVariants = true
    let wanted = ([name] + others).map { Self.snake($0) + "_parameters" }
    let found = values.keys.sorted().first { wanted.contains(Self.snake($0)) }
    let child = NodeArguments(found.flatMap { values[$0]?.record } ?? [:])
    if let found { read.insert(found) }
    children.append(child)
    return child
  }

  /// `Center (pad on either side)` as `center_pad_on_either_side`.
  static func snake(_ name: String) -> String {
    name.lowercased().split { !($0.isLetter || $0.isNumber) }.joined(separator: "_")
  }

  /// What has a value and was not asked for, as `name = value`.
  var unread: [String] {
    let own = values.keys.sorted().filter { name in
      !read.contains(name) && !(hasVariants && Self.snake(name).hasSuffix("_parameters"))
        && values[name].map(Self.says) ?? false
    }
    return own.map { "\($0) = \(Self.brief(values[$0] ?? .missing))" } + children.flatMap(\.unread)
  }

  private static func says(_ value: Parameter) -> Bool {
    switch value {
    case .text(let text): !text.isEmpty
    case .number: true
    case .flag(let flag): flag
    case .list(let items): !items.isEmpty
    case .record(let fields): fields.values.contains(where: says)
    case .missing: false
    }
  }

  private static func brief(_ value: Parameter) -> String {
    switch value {
    case .text(let text): text.count > 30 ? text.prefix(29) + "…" : text
    case .number(let number): written(number)
    case .flag(let flag): flag ? "true" : "false"
    case .list(let items): "[\(items.map(brief).joined(separator: ", "))]"
    case .record: "{…}"
    case .missing: "null"
    }
  }

  static func written(_ number: Double) -> String {
    Int64(exactly: number).map(String.init) ?? "\(number)"
  }
}

/// Why a node has no counterpart, as a clause.
struct Unmapped: Error {
  let reason: String

  init(_ reason: String) { self.reason = reason }
}
