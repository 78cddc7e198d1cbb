import Flow

/// Every term that assay shows, explained: statistics, metrics, charts, and the fields of its forms.
public enum Glossary {
  /// By term.
  public static let all: [GlossaryEntry] = [statistics, relations, models, bias, explanation, charts, fields, words]
    .flatMap(GlossaryEntry.parsed).sorted { $0.term.lowercased() < $1.term.lowercased() }

  private static let byName: [String: Int] = {
    var found: [String: Int] = [:]
    for (index, entry) in all.enumerated() { found[key(entry.term)] = index }
    // A term wins over another one's alias.
    for (index, entry) in all.enumerated() {
      for alias in entry.aliases where found[key(alias)] == nil { found[key(alias)] = index }
    }
    return found
  }()

  /// The entry for a term or one of its aliases; upper and lower case, blanks, hyphens and underscores do not matter.
  public static func entry(_ term: String) -> GlossaryEntry? { byName[key(term)].map { all[$0] } }

  /// The entry for a field of a form by its label: `Column 2` is the field `Column`.
  public static func entry(field label: String) -> GlossaryEntry? {
    let words = label.split(separator: " ")
    let isNumbered = words.count > 1 && words.last.map { $0.allSatisfy(\.isNumber) } ?? false
    let name = isNumbered ? words.dropLast().joined(separator: " ") : label
    return entry("\(name) field") ?? entry(name) ?? parameters[name]
  }

  /// The parameters of the catalogue's transforms by label, in the catalogue's own words.
  private static let parameters: [String: GlossaryEntry] = {
    var found: [String: GlossaryEntry] = [:]
    func add(_ info: ParameterInfo, of title: String) {
      let text = "\(title): \(info.help)"
      if var entry = found[info.label] {
        entry.text += "\n" + text
        found[info.label] = entry
      } else {
        found[info.label] = GlossaryEntry(term: info.label, text: text)
      }
      if case .rows(let infos) = info.form { for row in infos { add(row, of: title) } }
    }
    for info in OperationCatalogue.all where info.kind != .source {
      for parameter in info.parameters { add(parameter, of: info.title) }
    }
    return found
  }()

  /// Entries that an unknown term may mean, nearest first.
  public static func suggestions(for term: String, limit: Int = 5) -> [GlossaryEntry] {
    let wanted = key(term)
    guard !wanted.isEmpty else { return [] }
    var found: [Int] = []
    func add(_ index: Int?) { if let index, !found.contains(index) { found.append(index) } }
    add(Nearest.name(to: wanted, among: byName.keys.sorted()).flatMap { byName[$0] })
    for (index, entry) in all.enumerated() {
      let names = ([entry.term] + entry.aliases).map(key)
      if names.contains(where: { $0.contains(wanted) }) { add(index) }
    }
    return found.prefix(limit).map { all[$0] }
  }

  private static func key(_ name: String) -> String {
    String(name.lowercased().filter { !" -_'’–|()".contains($0) })
  }
}
