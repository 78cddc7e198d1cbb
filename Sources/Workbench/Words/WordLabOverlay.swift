import Embed
import Engine
import Flow
import Frame
import Grid
import Plot
import Widgets

/// The word lab: neighbours as one types, sums of words, the odd one out, how alike texts are, a map of the most frequent
/// words, and texts of the table by meaning. Several models stand side by side.
struct WordLabOverlay: Overlay {
  enum Page: Int, CaseIterable {
    case words, map, search

    var title: String {
      switch self {
      case .words: "Words"
      case .map: "Map"
      case .search: "Search the table"
      }
    }
  }

  let models: [String]
  var page = Page.words
  var field: TextFieldState
  /// For each model what it says of the line.
  var answers: [Result<LabWords, LabError>?]
  /// The row under the cursor, and the model in whose column it is.
  var cursor = 0
  var column = 0
  private var asked: String?
  private var requests: [RequestID?]

  var map: LabMap?
  var mapError: String?
  var mapMethod = EmbedMapping.Method.pca
  var mapNote = ""
  private var mapRequest: RequestID?

  /// The columns that can be searched, and the one that is.
  var texts: [String]
  var textColumn: Int
  var found: LabFinds?
  var searchError: String?
  /// What is being searched, or was.
  var searched: String?
  var searchNote = ""
  /// Every text is compared, however many there are.
  var isExact = false
  /// An answer is there, and an index for the next ones is being built.
  var isBuilding = false
  private var searchRequest: RequestID?
  private var wantsSearch = false

  /// Why a model has no answer.
  struct LabError: Error, Equatable { let text: String }

  static let neighbors = 40
  private static let mapped = 1200

  init(_ models: [String], _ state: WorkbenchState) {
    self.models = models
    field = TextFieldState(state.words.line)
    answers = models.map { _ in nil }
    requests = models.map { _ in nil }
    texts = (state.table.current?.schema ?? []).filter { $0.kind == .text }.map(\.name)
    let likely = likelyTextColumn(state)
    textColumn = texts.firstIndex { $0 == likely } ?? 0
  }

  var hints: [(key: String, label: String)] {
    switch page {
    case .words:
      [("type", "a word, a - b + c, a, b, c or a | b"), ("↑↓", "neighbour"), ("Enter", "go to it"), ("Tab", "map")]
    case .map:
      [
        ("type", "find"), ("↑↓", "next match"), ("Enter", "neighbours"),
        ("^N", mapMethod == .pca ? "t-SNE" : "PCA"), ("Tab", "search"),
      ]
    case .search:
      [
        ("Enter", found == nil ? "search" : "search, or go to the row"), ("^N", "other column"),
        ("^X", isExact ? "quick" : "exact"), ("Tab", "words"),
      ]
    }
  }

  /// The line without the mark that other panes begin a search with.
  var line: String {
    let text = field.text.trimmingBlanks
    return text.hasPrefix("/") ? String(text.dropFirst()).trimmingBlanks : text
  }

  // MARK: Questions

  mutating func fetch(_ state: inout WorkbenchState) -> [Effect] {
    switch page {
    case .words: return askWords(&state)
    case .map:
      guard mapRequest == nil, map == nil else { return [] }
      let (id, effect) = state.ask(
        .lab(.map(model: models[column], words: Self.mapped, method: mapMethod)), for: .dialog)
      mapRequest = id
      return [effect]
    case .search: return askSearch(&state)
    }
  }

  private mutating func askWords(_ state: inout WorkbenchState) -> [Effect] {
    guard asked != line else { return [] }
    asked = line
    state.words.line = line
    var effects = requests.compactMap { $0 }.map { Effect.cancel($0) }
    cursor = 0
    guard !line.isEmpty else {
      requests = models.map { _ in nil }
      answers = models.map { _ in nil }
      return effects
    }
    for (place, model) in models.enumerated() {
      let (id, effect) = state.ask(
        .lab(.ask(model: model, line: line, count: Self.neighbors)), for: .dialog, isListed: false)
      requests[place] = id
      effects.append(effect)
    }
    return effects
  }

  private mutating func askSearch(_ state: inout WorkbenchState) -> [Effect] {
    guard wantsSearch else { return [] }
    wantsSearch = false
    guard let view = state.table.current, texts.indices.contains(textColumn), !line.isEmpty else { return [] }
    let cancels = searchRequest.map { [Effect.cancel($0)] } ?? []
    (found, searchError, searched, searchNote) = (nil, nil, line, "waits for its turn")
    isBuilding = false
    let search = LabSearch(
      model: models[column], rows: view.request, column: texts[textColumn], text: line,
      method: isExact ? .exact : .automatic)
    let (id, effect) = state.ask(.lab(.search(search)), for: .dialog)
    searchRequest = id
    return cancels + [effect]
  }

  mutating func receive(
    _ happening: JobHappening, for id: RequestID, _ state: inout WorkbenchState
  ) -> OverlayOutcome {
    if let place = requests.firstIndex(of: id) {
      switch happening {
      case .done(.lab(.words(let words))): answers[place] = .success(words)
      case .failed(let text): answers[place] = .failure(LabError(text: text))
      case .started, .progress, .partial, .done, .cancelled: return .stay()
      }
      cursor = min(cursor, max(0, rows(place).count - 1))
    } else if id == mapRequest {
      switch happening {
      case .done(.lab(.map(let found))): map = found
      case .failed(let text): mapError = text
      case .cancelled: mapError = "The map was cancelled."
      case .progress(let progress): mapNote = progress.note
      case .started, .partial, .done: break
      }
    } else if id == searchRequest {
      switch happening {
      case .partial(.lab(.found(let finds))): (found, cursor, isBuilding) = (finds, 0, true)
      case .done(.lab(.found(let finds))):
        (found, isBuilding) = (finds, false)
        cursor = min(cursor, max(0, finds.rows.count - 1))
      case .failed(let text): (searchError, isBuilding) = (text, false)
      case .cancelled where isBuilding: isBuilding = false
      case .cancelled: searchError = "The search was cancelled."
      case .started: searchNote = "begins"
      case .progress(let progress): searchNote = progress.note
      case .partial, .done: break
      }
    }
    return .stay()
  }

  func rows(_ place: Int) -> [LabWords.Row] {
    guard answers.indices.contains(place), case .success(let words)? = answers[place] else { return [] }
    return words.rows
  }

  /// The points of the map whose word the line begins: exact ones first, then by frequency.
  var matches: [Int] {
    guard let points = map?.map.points, !line.isEmpty else { return [] }
    let wanted = line.lowercased()
    let begin = points.indices.filter { points[$0].label.lowercased().hasPrefix(wanted) }
    let exact = begin.filter { points[$0].label.lowercased() == wanted }
    return exact + begin.filter { !exact.contains($0) }
  }

  // MARK: Events

  private var isSearchFresh: Bool { found != nil && searched == line }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    switch event {
    case .key(let key): return handle(key, &state)
    case .paste(let text):
      field.insert(text)
    case .mouse(let mouse):
      switch mouse.kind {
      case .scroll(.down): move(by: 1)
      case .scroll(.up): move(by: -1)
      case .press(.left, _):
        var grid = CellGrid(size: state.size)
        if case .tab(let number)? = draw(into: &grid, state).target(at: mouse.position),
          let page = Page(rawValue: number - 1)
        {
          turn(to: page)
        }
      default: break
      }
    case .resize, .wake, .hangup, .terminate: break
    }
    return .stay()
  }

  private mutating func handle(_ key: KeyEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    switch (key.code, key.modifiers) {
    case (.escape, _):
      let all = requests + [mapRequest, searchRequest]
      return .close(all.compactMap { $0 }.filter { state.requests[$0] != nil }.map { .cancel($0) })
    case (.tab, _): turn(to: Page(rawValue: (page.rawValue + 1) % Page.allCases.count) ?? .words)
    case (.backTab, _):
      turn(to: Page(rawValue: (page.rawValue + Page.allCases.count - 1) % Page.allCases.count) ?? .words)
    case (.down, _): move(by: 1)
    case (.up, _): move(by: -1)
    case (.pageDown, _): move(by: 10)
    case (.pageUp, _): move(by: -10)
    case (.character("n"), .control):
      if page == .map {
        mapMethod = mapMethod == .pca ? .tsne : .pca
        return .stay(dropMap())
      }
      guard page == .search, !texts.isEmpty else { break }
      textColumn = (textColumn + 1) % texts.count
      return .stay(dropSearch())
    case (.character("x"), .control):
      guard page == .search else { break }
      isExact.toggle()
      return .stay(dropSearch())
    case (.character("t"), .control):
      guard models.count > 1 else { break }
      column = (column + 1) % models.count
      return .stay(dropMap() + dropSearch())
    case (.enter, _): return enter(&state)
    default: _ = field.handle(key)
    }
    return .stay()
  }

  /// Lets a map go that was of another model, or made in another way.
  private mutating func dropMap() -> [Effect] {
    let cancels = mapRequest.map { [Effect.cancel($0)] } ?? []
    (map, mapRequest, mapError, mapNote, cursor) = (nil, nil, nil, "", 0)
    return cancels
  }

  /// Lets a search go that was of another column or another model.
  private mutating func dropSearch() -> [Effect] {
    let cancels = searchRequest.map { [Effect.cancel($0)] } ?? []
    (found, searched, searchError, searchRequest) = (nil, nil, nil, nil)
    (cursor, isBuilding) = (0, false)
    return cancels
  }

  private mutating func turn(to page: Page) {
    self.page = page
    cursor = 0
  }

  private mutating func move(by delta: Int) {
    let count: Int
    switch page {
    case .words: count = rows(column).count
    case .map: count = matches.count
    case .search: count = found?.rows.count ?? 0
    }
    cursor = min(max(0, cursor + delta), max(0, count - 1))
  }

  private mutating func enter(_ state: inout WorkbenchState) -> OverlayOutcome {
    switch page {
    case .words:
      let rows = rows(column)
      // A sentence of a comparison is no word to go to.
      guard rows.indices.contains(cursor), !rows[cursor].word.contains("|") else { return .stay() }
      field = TextFieldState(rows[cursor].word)
    case .map:
      let found = matches
      guard found.indices.contains(cursor), let points = map?.map.points else { return .stay() }
      field = TextFieldState(points[found[cursor]].label)
      turn(to: .words)
    case .search:
      guard isSearchFresh, let rows = found?.rows, rows.indices.contains(cursor) else {
        if line.isEmpty || texts.isEmpty { return .stay() }
        wantsSearch = true
        return .stay()
      }
      let row = rows[cursor].number
      let column = texts[textColumn]
      state.table.changeCurrent { table in
        table.moveRow(to: row)
        if let place = table.schema.firstIndex(where: { $0.name == column }) { table.moveColumn(to: place) }
      }
      state.focus = .table
      return .close()
    }
    return .stay()
  }
}
