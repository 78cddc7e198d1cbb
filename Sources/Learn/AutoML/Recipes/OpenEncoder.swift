// An encoder of texts that somebody has trained already: named by its folder, known by its digest. A model that reads texts
// with it refers to it, and finds it again; its files are not copied.

import Embed
import Foundation
import Frame
import Jobs
import Numerics
import Synchronization

/// Where an encoder is, and what it was when a model was trained with it.
public struct EncoderReference: Codable, Hashable, Sendable {
  /// From the root: a folder, or a file of word vectors.
  public let path: String
  /// Of its files together, 64 hexadecimal digits.
  public let sha256: String
  public let bytes: Int
  /// Numbers that a text becomes.
  public let dimensions: Int
}

/// An encoder that is open, and what it made of the texts that it was asked about last.
final class OpenEncoder: Sendable {
  let reference: EncoderReference
  private let encoder: any TextEncoder
  private let made = Mutex<[String: [Float]]>([:])

  /// Numbers that are remembered; a text that was asked about costs nothing then.
  private static let mostNumbers = 24_000_000
  /// Small enough for a cancellation to lose little.
  private static let batch = 256

  /// - Parameter path: a folder of an encoder or of trained vectors, or a file of word vectors.
  /// - Throws: `EmbedError` where there is nothing that makes vectors.
  init(_ path: String) throws {
    let path = URL(fileURLWithPath: (path as NSString).expandingTildeInPath).standardizedFileURL.path
    let files = try Self.files(path)
    encoder = try openEncoder(modelFile(of: path))
    reference = EncoderReference(
      path: path, sha256: files.sha256, bytes: files.bytes, dimensions: encoder.dimensions)
  }

  /// The encoder that a model refers to: in the folder `encoder` of the model, where it was put there, or where it was.
  /// - Throws: `BundleError.encoder` where it is missing, or another one.
  convenience init(_ reference: EncoderReference, bundle: String) throws {
    let own = bundle + "/encoder"
    let path = FileManager.default.fileExists(atPath: own) ? own : reference.path
    guard FileManager.default.fileExists(atPath: path) else {
      throw BundleError.encoder(bundle: bundle, path: path, reason: "is not there")
    }
    do {
      guard try Self.files(path).sha256 == reference.sha256 else {
        throw BundleError.encoder(bundle: bundle, path: path, reason: "is another one than it was trained with")
      }
      try self.init(path)
    } catch let error as EmbedError {
      throw BundleError.encoder(bundle: bundle, path: path, reason: "cannot be read (\(error))")
    }
  }

  /// The digest of the files that make up an encoder, and how large they are together.
  private static func files(_ path: String) throws -> (sha256: String, bytes: Int) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw EmbedError.notFound(path: path)
    }
    guard isFolder.boolValue, try modelFile(of: path) == path else {
      let data = try contents(try modelFile(of: path))
      return (digest(data), data.count)
    }
    let kinds: Set = ["json", "txt", "safetensors", "model"]
    let names = (FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? [])
      .filter { kinds.contains(($0 as NSString).pathExtension) }.sorted()
    var lines = ""
    var bytes = 0
    for name in names {
      let data = try contents(path + "/" + name)
      bytes += data.count
      lines += "\(name) \(digest(data))\n"
    }
    return (digest(Data(lines.utf8)), bytes)
  }

  private static func contents(_ file: String) throws -> Data {
    do {
      return try Data(contentsOf: URL(fileURLWithPath: file), options: .mappedIfSafe)
    } catch {
      throw EmbedError.unreadable(path: file, reason: (error as NSError).localizedDescription)
    }
  }

  // MARK: Texts

  /// `[rows × dimensions]`: the vectors of a column's texts; a missing one counts as a text of nothing.
  func vectors(_ column: TypedColumn?, rows: Int, threads: Int, context: any JobContext) throws -> [Float] {
    let texts = (0..<rows).map { column?.text($0) ?? "" }
    let known = try encode(Array(Set(texts)).sorted(), threads: threads, context: context)
    return texts.flatMap { known[$0] ?? [Float](repeating: 0, count: reference.dimensions) }
  }

  /// `[dimensions]`: the vector of one text.
  func vector(_ text: String) throws -> [Float] {
    try encode([text], threads: 1, context: SilentContext())[text] ?? []
  }

  private func encode(_ texts: [String], threads: Int, context: any JobContext) throws -> [String: [Float]] {
    var all = made.withLock { $0 }
    let missing = texts.filter { all[$0] == nil }
    for start in stride(from: 0, to: missing.count, by: Self.batch) {
      try context.checkCancelled()
      let part = Array(missing[start..<min(start + Self.batch, missing.count)])
      context.report(nil, "encoding texts, \(start.grouped) of \(missing.count.grouped)")
      let vectors = try encoder.vectors(
        of: encoder.splitsTexts ? part : part.map { splitText($0, .lowercase) }, threads: threads,
        context: QuietContext(context, emits: false))
      for (text, vector) in zip(part, vectors) { all[text] = vector }
    }
    if !missing.isEmpty, all.count * reference.dimensions <= Self.mostNumbers { made.withLock { $0 = all } }
    return all
  }
}
