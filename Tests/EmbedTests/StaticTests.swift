import Foundation
import Jobs
import Testing

@testable import Embed

/// Tables of vectors without a transformer.
@Suite struct StaticEncoderTests {
  /// A folder whose vocabulary is [PAD] [UNK] good bad film ##s.
  private func folder(_ scratch: Scratch, tensors: [(String, String, [Int], [UInt8])], config: String) throws -> String
  {
    let vocabulary = ["[PAD]", "[UNK]", "good", "bad", "film", "##s"].enumerated()
      .map { "\"\($0.element)\": \($0.offset)" }.joined(separator: ", ")
    _ = try scratch.write(
      """
      {"added_tokens": [{"id": 0, "content": "[PAD]"}, {"id": 1, "content": "[UNK]"}],
       "normalizer": {"type": "BertNormalizer", "lowercase": true}, "pre_tokenizer": {"type": "BertPreTokenizer"},
       "model": {"type": "WordPiece", "unk_token": "[UNK]", "vocab": {\(vocabulary)}}}
      """, to: "tokenizer.json")
    _ = try scratch.write(config, to: "config.json")
    var header: [String] = []
    var data: [UInt8] = []
    for (name, kind, shape, bytes) in tensors {
      header.append(
        #""\#(name)": {"dtype": "\#(kind)", "shape": \#(shape), "data_offsets": [\#(data.count), \#(data.count + bytes.count)]}"#
      )
      data += bytes
    }
    let text = "{" + header.joined(separator: ", ") + "}"
    let length = withUnsafeBytes(of: UInt64(text.utf8.count).littleEndian) { Array($0) }
    try Data(length + Array(text.utf8) + data).write(to: URL(fileURLWithPath: scratch.path("model.safetensors")))
    return scratch.folder.path
  }

  private func bytes(_ values: [Float]) -> [UInt8] {
    values.flatMap { value in withUnsafeBytes(of: value) { Array($0) } }
  }

  @Test func model2VecLeavesUnknownPiecesOutWeighsAndNormalizes() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let table: [Float] = [9, 9, 7, 7, 3, 0, 0, 4]
    let weights: [Float] = [1, 1, 2, 1, 1, 0.5]
    let mapping: [Int64] = [0, 1, 2, 3, 2, 3]
    let path = try folder(
      scratch,
      tensors: [
        ("embeddings", "F32", [4, 2], bytes(table)), ("weights", "F32", [6], bytes(weights)),
        ("mapping", "I64", [6], mapping.flatMap { value in withUnsafeBytes(of: value.littleEndian) { Array($0) } }),
      ], config: #"{"model_type": "model2vec", "normalize": true}"#)
    let encoder = try openEncoder(path)
    #expect(encoder is StaticEncoder)
    let vectors = try encoder.vectors(of: ["GOOD films zebra", "zebra", ""], threads: 2, context: SilentContext())
    // good: 2 x [3, 0]; film: [3, 0]; ##s: 0.5 x [0, 4]; their mean [3, 2/3] has length 1 in the end.
    let length = Float(9 + 4.0 / 9).squareRoot()
    #expect(abs(vectors[0][0] - 3 / length) < 1e-6)
    #expect(abs(vectors[0][1] - 2 / 3 / length) < 1e-6)
    #expect(vectors[1] == [0, 0])
    #expect(vectors[2] == [0, 0])
  }

  @Test func sentenceTransformersKeepUnknownPieces() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    // Half precision: 0, 1, 2, 3, 4, 5 in each of two columns.
    let halves: [UInt16] = [0, 0, 0x3C00, 0x3C00, 0x4000, 0x4000, 0x4200, 0x4200, 0x4400, 0x4400, 0x4500, 0x4500]
    let path = try folder(
      scratch,
      tensors: [("embedding.weight", "F16", [6, 2], halves.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] })], config: "{}"
    )
    _ = try scratch.write(
      #"[{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.StaticEmbedding"}]"#,
      to: "modules.json")
    let vectors = try openEncoder(path).vectors(of: ["bad zebra", "films"], threads: 1, context: SilentContext())
    #expect(vectors == [[2, 2], [4.5, 4.5]])
  }

  @Test func aTableThatIsTooShortIsRefused() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let path = try folder(
      scratch, tensors: [("embeddings", "F32", [2, 2], bytes([0, 0, 0, 0]))], config: #"{"model_type": "model2vec"}"#)
    #expect(throws: EmbedError.self) { try openEncoder(path) }
  }
}
