import Flow
import Foundation
import Frame
import Plot

// A command as JSON on one line, its arguments by name: `{"do":"flow.add","step":"s2","after":"s1","operation":{…}}`.

private enum Key: String, CodingKey, CaseIterable {
  case `do`, step, after, operation, with, name, of, inputs, note, steps, fitted, learned, analysis, spec, on, column,
    parameter, flow, source, file, path, page, look, options, candidate, joined
}

/// The words after `do`, each with the arguments that it takes.
private let arguments: [String: [Key]] = [
  "data.open": [.step, .source, .file], "data.add": [.step, .source], "flow.open": [.path],
  "flow.add": [.step, .after, .operation, .with, .name], "flow.insert": [.step, .after, .operation, .name],
  "flow.duplicate": [.step, .of], "flow.change": [.step, .operation], "flow.connect": [.step, .inputs],
  "flow.delete": [.step], "flow.enable": [.step], "flow.disable": [.step], "flow.rename": [.step, .name],
  "flow.note": [.step, .note], "flow.moveUp": [.step], "flow.order": [.steps],
  "flow.learned": [.step, .fitted, .learned], "flow.fit": [.step], "flow.target": [.column], "flow.name": [.name],
  "flow.restore": [.flow], "flow.save": [.path], "flow.export": [.step, .path],
  "parameter.set": [.parameter], "parameter.delete": [.name],
  "analysis.add": [.analysis, .spec, .on, .name], "analysis.change": [.analysis, .spec],
  "analysis.rename": [.analysis, .name], "analysis.delete": [.analysis], "analysis.run": [.analysis],
  "rows.write": [.step, .look, .path], "chart.export": [.analysis, .page, .spec, .on, .look, .path, .options],
  "report.export": [.analysis, .path], "model.export": [.analysis, .candidate, .path],
  "model.predict": [.analysis, .path], "edit.undo": [], "edit.redo": [],
]

extension SessionCommand {
  /// Everything that can stand after `do`, in alphabetical order.
  public static let names: [String] = arguments.keys.sorted()
}

private struct AnyKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }
  init?(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

/// A source without what it leaves to be found out.
private struct WrittenSource: Codable {
  private let location: String
  private let also: [String]?
  private let format: SourceFormat?
  private let options: ReadOptions?
  private let rows: ImportRows?

  init(_ source: Source) {
    (location, format) = (source.location, source.format)
    also = source.also.isEmpty ? nil : source.also
    options = source.options == ReadOptions() ? nil : source.options
    rows = source.rows == .all ? nil : source.rows
  }

  var source: Source {
    Source(
      location: location, also: also ?? [], format: format, options: options ?? ReadOptions(), rows: rows ?? .all)
  }
}

extension SessionLine: Codable {
  public init(from decoder: any Decoder) throws {
    let box = try decoder.container(keyedBy: Key.self)
    let word = try box.decode(String.self, forKey: .do)
    guard let known = arguments[word] else {
      let near = Nearest.name(to: word, among: SessionCommand.names)
      throw SessionFault("there is no command \"\(word)\"" + (near.map { " – did you mean \($0)?" } ?? ""))
    }
    let allowed = Set((known + [.do, .joined]).map(\.rawValue))
    for key in try decoder.container(keyedBy: AnyKey.self).allKeys where !allowed.contains(key.stringValue) {
      let near = Nearest.name(to: key.stringValue, among: allowed.sorted())
      throw SessionFault(
        "\(word) takes no \"\(key.stringValue)\""
          + (near.map { " – did you mean \($0)?" } ?? ": \(known.map(\.rawValue).joined(separator: ", "))"))
    }
    do {
      command = try Self.command(word, Reading(box))
    } catch let error as DecodingError {
      throw SessionFault("\(word): " + FlowFile.reason(error))
    }
    isJoined = try box.decodeIfPresent(Bool.self, forKey: .joined) ?? false
  }

  /// The arguments of a line.
  private struct Reading {
    let box: KeyedDecodingContainer<Key>
    init(_ box: KeyedDecodingContainer<Key>) { self.box = box }

    func callAsFunction<Value: Decodable>(_ key: Key) throws -> Value { try box.decode(Value.self, forKey: key) }
    func optional<Value: Decodable>(_ key: Key) throws -> Value? { try box.decodeIfPresent(Value.self, forKey: key) }
    func step() throws -> StepID { try self(.step) }
    func source() throws -> Source { try box.decode(WrittenSource.self, forKey: .source).source }
  }

  private static func command(_ word: String, _ given: Reading) throws -> SessionCommand {
    switch word {
    case "data.open": .openData(try given.source(), step: try given.step(), try given.optional(.file))
    case "flow.open": .openFlow(path: try given(.path))
    case "flow.fit": .fit(try given.step())
    case "flow.save": .save(path: try given(.path))
    case "flow.export": .exportFlow(step: try given.optional(.step), path: try given(.path))
    case "analysis.run": .runAnalysis(try given(.analysis))
    case "rows.write": .writeRows(try given.step(), try given.optional(.look) ?? Look(), path: try given(.path))
    case "report.export": .exportReport(analysis: try given(.analysis), path: try given(.path))
    case "model.export":
      .exportModel(
        analysis: try given(.analysis), candidate: try given.optional(.candidate), path: try given(.path))
    case "model.predict": .predictRows(analysis: try given(.analysis), path: try given(.path))
    case "chart.export":
      .exportChart(
        try origin(given), path: try given(.path), try given.optional(.options) ?? ChartFileOptions())
    case "edit.undo": .undo
    case "edit.redo": .redo
    default: .edit(try edit(word, given))
    }
  }

  private static func origin(_ given: Reading) throws -> SessionCommand.ChartOrigin {
    if let id: Int = try given.optional(.analysis) {
      return .analysis(id, page: try given.optional(.page) ?? 0)
    }
    return .look(try given(.spec), on: try given(.on), try given.optional(.look) ?? Look())
  }

  private static func edit(_ word: String, _ given: Reading) throws -> FlowEdit {
    switch word {
    case "data.add": .addSource(try given.source(), step: try given.step())
    case "flow.add":
      .add(
        try given(.operation), step: try given.step(), after: try given(.after), with: try given.optional(.with) ?? [],
        name: try given.optional(.name))
    case "flow.insert":
      .insert(
        try given(.operation), step: try given.step(), after: try given(.after), name: try given.optional(.name))
    case "flow.duplicate": .duplicate(try given(.of), step: try given.step())
    case "flow.change": .change(try given.step(), try given(.operation))
    case "flow.connect": .connect(try given.step(), inputs: try given(.inputs))
    case "flow.delete": .delete(try given.step())
    case "flow.enable": .enable(try given.step(), true)
    case "flow.disable": .enable(try given.step(), false)
    case "flow.rename": .rename(try given.step(), try given.optional(.name))
    case "flow.note": .annotate(try given.step(), try given.optional(.note))
    case "flow.moveUp": .moveUp(try given.step())
    case "flow.order": .order(try given(.steps))
    case "flow.learned": .learned(try given.step(), try given.optional(.fitted), try given.optional(.learned))
    case "flow.target": .target(try given.optional(.column))
    case "flow.name": .name(try given(.name))
    case "flow.restore": .replace(try given(.flow))
    case "parameter.set": .setParameter(try given(.parameter))
    case "parameter.delete": .deleteParameter(try given(.name))
    case "analysis.add":
      .addAnalysis(try given(.analysis), try given(.spec), on: try given(.on), name: try given.optional(.name))
    case "analysis.change": .changeAnalysis(try given(.analysis), try given(.spec))
    case "analysis.rename": .renameAnalysis(try given(.analysis), try given(.name))
    case "analysis.delete": .deleteAnalysis(try given(.analysis))
    default: throw SessionFault("there is no command \"\(word)\"")
    }
  }

  // MARK: - Writing

  public func encode(to encoder: any Encoder) throws {
    var box = encoder.container(keyedBy: Key.self)
    try box.encode(command.word, forKey: .do)
    try writeArguments(&box)
  }

  /// A line without its word.
  struct Arguments: Encodable {
    private let line: SessionLine
    init(_ line: SessionLine) { self.line = line }

    func encode(to encoder: any Encoder) throws {
      var box = encoder.container(keyedBy: Key.self)
      try line.writeArguments(&box)
    }
  }

  private func writeArguments(_ box: inout KeyedEncodingContainer<Key>) throws {
    if isJoined { try box.encode(true, forKey: .joined) }
    switch command {
    case .openData(let source, let step, let mark):
      try box.encode(step, forKey: .step)
      try box.encode(WrittenSource(source), forKey: .source)
      try box.encodeIfPresent(mark, forKey: .file)
    case .openFlow(let path), .save(let path): try box.encode(path, forKey: .path)
    case .edit(let edit): try Self.write(edit, &box)
    case .fit(let step): try box.encode(step, forKey: .step)
    case .runAnalysis(let id): try box.encode(id, forKey: .analysis)
    case .writeRows(let step, let look, let path):
      try box.encode(step, forKey: .step)
      if !look.isPlain { try box.encode(look, forKey: .look) }
      try box.encode(path, forKey: .path)
    case .exportChart(let origin, let path, let options):
      switch origin {
      case .analysis(let id, let page):
        try box.encode(id, forKey: .analysis)
        if page != 0 { try box.encode(page, forKey: .page) }
      case .look(let spec, let step, let look):
        try box.encode(spec, forKey: .spec)
        try box.encode(step, forKey: .on)
        if !look.isPlain { try box.encode(look, forKey: .look) }
      }
      try box.encode(path, forKey: .path)
      if options != ChartFileOptions() { try box.encode(options, forKey: .options) }
    case .exportModel(let id, let candidate, let path):
      try box.encode(id, forKey: .analysis)
      try box.encodeIfPresent(candidate, forKey: .candidate)
      try box.encode(path, forKey: .path)
    case .exportReport(let id, let path), .predictRows(let id, let path):
      try box.encode(id, forKey: .analysis)
      try box.encode(path, forKey: .path)
    case .exportFlow(let step, let path):
      try box.encodeIfPresent(step, forKey: .step)
      try box.encode(path, forKey: .path)
    case .undo, .redo: break
    }
  }

  private static func write(_ edit: FlowEdit, _ box: inout KeyedEncodingContainer<Key>) throws {
    switch edit {
    case .addSource(let source, let step):
      try box.encode(step, forKey: .step)
      try box.encode(WrittenSource(source), forKey: .source)
    case .add(let operation, let step, let parent, let others, let name):
      try box.encode(step, forKey: .step)
      try box.encode(parent, forKey: .after)
      try box.encode(operation, forKey: .operation)
      if !others.isEmpty { try box.encode(others, forKey: .with) }
      try box.encodeIfPresent(name, forKey: .name)
    case .insert(let operation, let step, let parent, let name):
      try box.encode(step, forKey: .step)
      try box.encode(parent, forKey: .after)
      try box.encode(operation, forKey: .operation)
      try box.encodeIfPresent(name, forKey: .name)
    case .duplicate(let original, let step):
      try box.encode(step, forKey: .step)
      try box.encode(original, forKey: .of)
    case .change(let step, let operation):
      try box.encode(step, forKey: .step)
      try box.encode(operation, forKey: .operation)
    case .connect(let step, let inputs):
      try box.encode(step, forKey: .step)
      try box.encode(inputs, forKey: .inputs)
    case .delete(let step), .enable(let step, _), .moveUp(let step): try box.encode(step, forKey: .step)
    case .rename(let step, let name):
      try box.encode(step, forKey: .step)
      try box.encodeIfPresent(name, forKey: .name)
    case .annotate(let step, let note):
      try box.encode(step, forKey: .step)
      try box.encodeIfPresent(note, forKey: .note)
    case .order(let steps): try box.encode(steps, forKey: .steps)
    case .learned(let step, let fitted, let learned):
      try box.encode(step, forKey: .step)
      try box.encodeIfPresent(fitted, forKey: .fitted)
      try box.encodeIfPresent(learned, forKey: .learned)
    case .addAnalysis(let id, let spec, let step, let name):
      try box.encode(id, forKey: .analysis)
      try box.encode(spec, forKey: .spec)
      try box.encode(step, forKey: .on)
      try box.encodeIfPresent(name, forKey: .name)
    case .changeAnalysis(let id, let spec):
      try box.encode(id, forKey: .analysis)
      try box.encode(spec, forKey: .spec)
    case .renameAnalysis(let id, let name):
      try box.encode(id, forKey: .analysis)
      try box.encode(name, forKey: .name)
    case .deleteAnalysis(let id): try box.encode(id, forKey: .analysis)
    case .target(let column): try box.encodeIfPresent(column, forKey: .column)
    case .setParameter(let parameter): try box.encode(parameter, forKey: .parameter)
    case .deleteParameter(let name), .name(let name): try box.encode(name, forKey: .name)
    case .replace(let flow): try box.encode(flow, forKey: .flow)
    }
  }
}

extension SessionCommand {
  /// What stands after `do`.
  public var word: String {
    switch self {
    case .openData: "data.open"
    case .openFlow: "flow.open"
    case .edit(let edit): edit.word
    case .fit: "flow.fit"
    case .runAnalysis: "analysis.run"
    case .writeRows: "rows.write"
    case .exportChart: "chart.export"
    case .exportReport: "report.export"
    case .exportModel: "model.export"
    case .predictRows: "model.predict"
    case .exportFlow: "flow.export"
    case .save: "flow.save"
    case .undo: "edit.undo"
    case .redo: "edit.redo"
    }
  }
}

extension FlowEdit {
  fileprivate var word: String {
    switch self {
    case .addSource: "data.add"
    case .add: "flow.add"
    case .insert: "flow.insert"
    case .duplicate: "flow.duplicate"
    case .change: "flow.change"
    case .connect: "flow.connect"
    case .delete: "flow.delete"
    case .enable(_, let isEnabled): isEnabled ? "flow.enable" : "flow.disable"
    case .rename: "flow.rename"
    case .annotate: "flow.note"
    case .moveUp: "flow.moveUp"
    case .order: "flow.order"
    case .learned: "flow.learned"
    case .addAnalysis: "analysis.add"
    case .changeAnalysis: "analysis.change"
    case .renameAnalysis: "analysis.rename"
    case .deleteAnalysis: "analysis.delete"
    case .target: "flow.target"
    case .setParameter: "parameter.set"
    case .deleteParameter: "parameter.delete"
    case .name: "flow.name"
    case .replace: "flow.restore"
    }
  }
}
