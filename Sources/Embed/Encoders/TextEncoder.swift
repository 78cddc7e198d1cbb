// What makes a vector of a text.

import Foundation
import Jobs

/// A model that gives texts vectors.
public protocol TextEncoder: Sendable {
  var dimensions: Int { get }
  /// True where texts come as they are; false where words must stand between spaces.
  var splitsTexts: Bool { get }
  /// [texts][dimensions]; zeros for a text in which nothing is known.
  func vectors(of texts: [String], threads: Int, context: any JobContext) throws -> [[Float]]
}

/// Opens what makes vectors of texts: a file of word vectors, a fastText model, or the folder of an encoder.
public func openEncoder(_ path: String) throws -> any TextEncoder {
  var isFolder: ObjCBool = false
  if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
    return try openFolder(path)
  }
  let file = try MappedFile(path)
  if file.bytes.count > 4, file.bytes.loadUnaligned(as: Int32.self) == FastTextArguments.magic {
    return try FastTextModel(contentsOf: path)
  }
  return try VectorFile.read(path)
}

/// Where the vectors of a path are: of a folder that a training made, the file with most in it; a ~ is the home folder.
public func modelFile(of path: String) throws -> String {
  let path = (path as NSString).expandingTildeInPath
  var isFolder: ObjCBool = false
  guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else { return path }
  func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path + "/" + name) }
  for name in ["vectors.bin", "vectors.txt", "model.bin"] where has(name) { return path + "/" + name }
  let parts = ["config.json", "modules.json", "options.json", "model.safetensors", "tokenizer.json"]
  guard parts.contains(where: has) else {
    throw EmbedError.unsupported(
      path: path, what: "The folder holds neither word vectors nor an encoder",
      advice: "Give a folder with vectors.txt or vectors.bin as a training makes it, or one with config.json, a "
        + "tokenizer and model.safetensors.")
  }
  return path
}

/// Opens a folder by what its configuration says.
private func openFolder(_ folder: String) throws -> any TextEncoder {
  if FileManager.default.fileExists(atPath: folder + "/options.json") { return try ELMoEncoder(folder: folder) }
  if let modules = try JSONFile.optional(folder + "/modules.json")?.value as? [[String: Any]],
    let first = modules.first, (first["type"] as? String ?? "").hasSuffix("StaticEmbedding")
  {
    let kinds = modules.dropFirst().map { ($0["type"] as? String ?? "").split(separator: ".").last ?? "" }
    guard kinds.allSatisfy({ $0 == "Normalize" }) else {
      throw EmbedError.unsupported(
        path: folder + "/modules.json", what: "A module of the kind \(kinds.first { $0 != "Normalize" } ?? "")",
        advice: "After StaticEmbedding only Normalize can be read.")
    }
    let path = first["path"] as? String ?? ""
    return try StaticEncoder(folder: path.isEmpty ? folder : folder + "/" + path, normalizes: !kinds.isEmpty)
  }
  let config = try JSONFile(folder + "/config.json")
  switch config["model_type"].text ?? "bert" {
  case "bert": return try BertEncoder(folder: folder)
  case "gpt2": return try GPT2Encoder(folder: folder)
  case "model2vec": return try StaticEncoder(folder: folder)
  case let kind:
    throw EmbedError.unsupported(
      path: config.path, what: "A model of the kind \(kind)",
      advice: "BERT, sentence-transformers, GPT-2, ELMo and model2vec can be read.")
  }
}

/// The words of a text with spaces between.
public func splitText(_ text: String, _ splitting: WordSplitting) -> String {
  guard splitting != .whitespace else { return text }
  var bytes: [UInt8] = []
  Corpus.split(splitting == .lowercase ? text.lowercased() : text, into: &bytes)
  if bytes.last == 32 { bytes.removeLast() }
  return String(decoding: bytes, as: UTF8.self)
}

/// Reads a file line by line; the last line needs no end.
/// - Parameter check: called now and then; throws to stop.
public func readLines(_ path: String, check: () throws -> Void, _ body: (String) throws -> Void) throws {
  let reader = try TextReader(path)
  let size = 1 << 16
  let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: size)
  defer { buffer.deallocate() }
  var held: [UInt8] = []
  while true {
    try check()
    let count = try reader.next(into: buffer, count: size)
    if count == 0 { break }
    var rest = UnsafeBufferPointer(start: buffer, count: count)[...]
    while let end = rest.firstIndex(of: 10) {
      held.append(contentsOf: rest[..<end])
      if held.last == 13 { held.removeLast() }
      try body(String(decoding: held, as: UTF8.self))
      held.removeAll(keepingCapacity: true)
      rest = rest[(end + 1)...]
    }
    held.append(contentsOf: rest)
  }
  if !held.isEmpty { try body(String(decoding: held, as: UTF8.self)) }
}

/// The cosine of the angle between two vectors; 0 where one has no length.
public func cosine(_ left: [Float], _ right: [Float]) -> Double {
  var (ab, aa, bb) = (0.0, 0.0, 0.0)
  for (a, b) in zip(left, right) {
    ab += Double(a * b)
    aa += Double(a * a)
    bb += Double(b * b)
  }
  return aa > 0 && bb > 0 ? ab / (aa * bb).squareRoot() : 0
}

extension FastTextModel: TextEncoder {
  public var splitsTexts: Bool { false }

  public func vectors(of texts: [String], threads: Int, context: any JobContext) throws -> [[Float]] {
    let results = VectorResults(count: texts.count)
    try inParallel((texts.count + 63) / 64, threads: threads) { [self] number in
      try context.checkCancelled()
      let places = Array(number * 64..<min((number + 1) * 64, texts.count))
      results.set(places, places.map { textVector(texts[$0]) })
    }
    return results.values
  }
}

extension WordVectors: TextEncoder {
  public var splitsTexts: Bool { false }

  /// The mean of the unit vectors of the words that are known.
  public func vectors(of texts: [String], threads: Int, context: any JobContext) throws -> [[Float]] {
    try texts.map { text in
      try context.checkCancelled()
      var sum = [Float](repeating: 0, count: dimensions)
      var count: Float = 0
      for word in text.split(whereSeparator: \.isWhitespace) {
        guard let number = number(of: String(word)) ?? number(of: word.lowercased()) else { continue }
        let vector = unitVector(number)
        for column in sum.indices { sum[column] += vector[column] }
        count += 1
      }
      return count > 0 ? sum.map { $0 / count } : sum
    }
  }
}
