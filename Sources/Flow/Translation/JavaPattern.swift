/// A regular expression of RE2, which DuckDB has, as Java reads it, which Spark has. What comes out has one meaning for
/// both, and for engines that speak Spark's dialect with Rust's expressions.
/// Sources: https://github.com/google/re2/wiki/Syntax and the documentation of java.util.regex.Pattern.
enum JavaPattern {
  private static let space = "\\t\\n\\f\\r "

  /// The text as it is.
  static func quoted(_ text: String) -> String {
    text.map { "\\.+*?()|[]{}^$#&-~".contains($0) ? "\\\($0)" : String($0) }.joined()
  }

  /// - Throws: `Untranslatable` for what the two read differently.
  static func of(_ pattern: String) throws -> String {
    var result = ""
    var isClass = false
    var rest = Substring(pattern)
    // A dot takes line feeds too where that is asked for, and it stops at them alone elsewhere.
    let takesLines = pattern.contains("(?s") || pattern.contains("(?is")
    if rest.contains("[[:") { throw Untranslatable("its classes of characters have names") }
    if rest.contains("(?P") || rest.contains("(?U") { throw Untranslatable("its groups have other words there") }
    while let character = rest.popFirst() {
      switch character {
      case "\\":
        guard let next = rest.popFirst() else { throw Untranslatable("its regular expression ends in a backslash") }
        switch next {
        case "s": result += isClass ? space : "[\(space)]"
        case "S" where !isClass: result += "[^\(space)]"
        case "S", "C", "Z", "G": throw Untranslatable("it reads \\\(next) in another way")
        case "p", "P":
          // Scripts have another beginning there.
          guard rest.first == "{" else { throw Untranslatable("it reads \\\(next) in another way") }
          let name = rest.dropFirst().prefix { $0 != "}" }
          result += name.count > 2 ? "\\\(next){Is\(name)}" : "\\\(next){\(name)}"
          rest = rest.dropFirst(name.count + 2)
        // Some engines take other signs behind a backslash for the ends of words.
        case "<", ">", "/", "\"", "'", ",", ";", ":", "=", "!", "@", "%", "_", "`": result.append(next)
        default: result += "\\\(next)"
        }
      case "[" where !isClass:
        isClass = true
        result.append(character)
        if rest.first == "^" {
          result.append("^")
          rest.removeFirst()
        }
        if rest.first == "]" {
          result += "\\]"
          rest.removeFirst()
        }
      // Brackets and ampersands join classes there.
      case "[",
        "&" where isClass:
        result += "\\\(character)"
      case "]":
        isClass = false
        result.append(character)
      case "." where !isClass && !takesLines: result += "[^\\n]"
      // Before a line feed at the end, too, there.
      case "$" where !isClass: result += "\\z"
      case "(" where !isClass && rest.hasPrefix("?"):
        let flags = rest.dropFirst().prefix { $0.isLetter }
        guard flags.isEmpty || flags.allSatisfy({ "is".contains($0) }) else {
          throw Untranslatable("its regular expression has options")
        }
        // Without regard to case means all letters here, and those of English there.
        result += "(?" + flags.replacing("i", with: "iu")
        rest = rest.dropFirst(1 + flags.count)
      default: result.append(character)
      }
    }
    return result
  }

  /// What takes the place of a match: `\1` here, `$1` there.
  static func replacement(_ text: String) throws -> String {
    var result = ""
    var rest = Substring(text)
    while let character = rest.popFirst() {
      switch character {
      case "$": throw Untranslatable("its replacement holds a dollar sign")
      case "\\":
        guard let next = rest.popFirst(), next.isNumber else {
          throw Untranslatable("its replacement holds a backslash")
        }
        result += "$\(next)"
      default: result.append(character)
      }
    }
    return result
  }
}
