/// An element of the small XML documents that services answer with: no namespaces, no attributes, no document types.
struct XMLNode {
  let name: String
  var text = ""
  var children: [XMLNode] = []

  /// Nil for what is no XML.
  init?(_ document: String) {
    var parser = Parser(bytes: Array(document.utf8))
    guard let root = parser.document() else { return nil }
    self = root
  }

  private init(name: String) { self.name = name }

  /// The text of the first child of a name.
  subscript(name: String) -> String? { children.first { $0.name == name }?.text }

  /// The children of a name.
  func all(_ name: String) -> [XMLNode] { children.filter { $0.name == name } }

  /// The first element of a name, at any depth.
  func first(_ name: String) -> XMLNode? {
    for child in children {
      if child.name == name { return child }
      if let found = child.first(name) { return found }
    }
    return nil
  }

  private struct Parser {
    let bytes: [UInt8]
    var at = 0

    mutating func document() -> XMLNode? {
      var open: [XMLNode] = []
      while at < bytes.count {
        guard bytes[at] == UInt8(ascii: "<") else {
          let start = at
          while at < bytes.count, bytes[at] != UInt8(ascii: "<") { at += 1 }
          if !open.isEmpty { open[open.count - 1].text += Self.unescaped(bytes[start..<at]) }
          continue
        }
        if skips("<?", "?>") || skips("<!--", "-->") || skips("<!", ">") { continue }
        guard let end = bytes[at...].firstIndex(of: UInt8(ascii: ">")) else { return nil }
        let inside = bytes[(at + 1)..<end]
        at = end + 1
        if inside.first == UInt8(ascii: "/") {
          guard let node = open.popLast() else { return nil }
          guard !open.isEmpty else { return node }
          open[open.count - 1].children.append(node)
          continue
        }
        let isClosed = inside.last == UInt8(ascii: "/")
        let tag = String(decoding: inside, as: UTF8.self).split { " \t\r\n/".contains($0) }.first.map(String.init) ?? ""
        let node = XMLNode(name: tag.split(separator: ":").last.map(String.init) ?? tag)
        guard isClosed else {
          guard open.count < 64 else { return nil }
          open.append(node)
          continue
        }
        guard !open.isEmpty else { return node }
        open[open.count - 1].children.append(node)
      }
      return nil
    }

    private mutating func skips(_ start: String, _ end: String) -> Bool {
      guard bytes[at...].starts(with: start.utf8) else { return false }
      let closing = Array(end.utf8)
      var next = at + start.utf8.count
      while next + closing.count <= bytes.count, !bytes[next...].starts(with: closing) { next += 1 }
      at = min(next + closing.count, bytes.count)
      return true
    }

    private static func unescaped(_ bytes: ArraySlice<UInt8>) -> String {
      let text = String(decoding: bytes, as: UTF8.self)
      guard text.contains("&") else { return text }
      var result = ""
      var rest = Substring(text)
      while let start = rest.firstIndex(of: "&") {
        result += rest[..<start]
        rest = rest[start...]
        guard let end = rest.prefix(12).firstIndex(of: ";") else {
          result += "&"
          rest = rest.dropFirst()
          continue
        }
        let name = rest[rest.index(after: start)..<end]
        result += entity(name) ?? "&\(name);"
        rest = rest[rest.index(after: end)...]
      }
      return result + rest
    }

    private static func entity(_ name: Substring) -> String? {
      switch name {
      case "lt": return "<"
      case "gt": return ">"
      case "amp": return "&"
      case "quot": return "\""
      case "apos": return "'"
      default: break
      }
      guard name.first == "#" else { return nil }
      let number = name.dropFirst()
      let value = number.first == "x" ? UInt32(number.dropFirst(), radix: 16) : UInt32(number)
      return value.flatMap { Unicode.Scalar($0) }.map { String(Character($0)) }
    }
  }

  /// A text as it stands in a document.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\r": result += "&#13;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
