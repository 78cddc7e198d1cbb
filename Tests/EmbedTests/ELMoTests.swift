import Foundation
import Jobs
import Testing

@testable import Embed

/// A small ELMo of random weights, and what a forward pass in torch makes of it, recorded.
@Suite struct ELMoTests {
  private struct Record: Decodable {
    struct Case: Decodable {
      let words: [String]
      let layers: [[[Float]]]
      let mix: [[Float]]
    }
    let cases: [Case]
  }

  private static func folder() throws -> String {
    try #require(Bundle.module.url(forResource: "Records/tiny-elmo", withExtension: nil)).path
  }

  private func read() throws -> Record {
    let url = try #require(Bundle.module.url(forResource: "Records/tiny_elmo", withExtension: "json"))
    return try JSONDecoder().decode(Record.self, from: Data(contentsOf: url))
  }

  private func distance(_ left: [[Float]], _ right: [[Float]]) -> Float {
    zip(left.joined(), right.joined()).map { abs($0 - $1) }.max() ?? 1
  }

  @Test func layersAndMixesAreTheRecordedOnesAlsoSideBySide() throws {
    let record = try read()
    let encoder = try ELMoEncoder(folder: Self.folder())
    let layers = encoder.layers(of: record.cases.map(\.words))
    let mixes = encoder.mixes(of: record.cases.map(\.words))
    for (number, entry) in record.cases.enumerated() {
      for (layer, wanted) in entry.layers.enumerated() {
        #expect(layers[layer][number].count == entry.words.count)
        #expect(distance(layers[layer][number], wanted) < 1e-5, "\(entry.words), layer \(layer)")
      }
      #expect(distance(mixes[number], entry.mix) < 1e-5, "\(entry.words)")
    }
  }

  @Test func aTextHasTheMeanOfItsWordsAndNothingHasZeros() throws {
    let record = try read()
    let encoder = try openEncoder(Self.folder())
    let texts = record.cases.map { $0.words.joined(separator: " ") } + ["", "  \n"]
    let vectors = try encoder.vectors(of: texts, threads: 2, context: SilentContext())
    #expect(encoder.dimensions == 32)
    for (vector, entry) in zip(vectors, record.cases) {
      let mean = vector.indices.map { column in
        entry.mix.map { $0[column] }.reduce(0, +) / Float(entry.mix.count)
      }
      #expect(distance([vector], [mean]) < 1e-5)
    }
    #expect(vectors[3] == [Float](repeating: 0, count: 32))
    #expect(vectors[4] == vectors[3])
  }

  @Test func aWordBeyondFiftyCharactersIsCut() throws {
    let encoder = try ELMoEncoder(folder: Self.folder())
    let long = String(repeating: "ab", count: 24)
    let layers = encoder.layers(of: [[long], [long + "cd"]])
    #expect(layers[0][0] == layers[0][1])
  }

  @Test func punctuationStandsAlone() {
    #expect(
      ELMoEncoder.words(of: "Don't stop, Mr. O'Neil-Smith!") == [
        "Don't", "stop", ",", "Mr", ".", "O'Neil-Smith", "!",
      ])
    #expect(ELMoEncoder.words(of: "naïve 数据 😀") == ["naïve", "数据", "😀"])
  }

  // MARK: Original weights

  /// The options and the weights of the same small model in HDF5, as TensorFlow's are.
  private func original(_ scratch: Scratch) throws {
    let weights = try #require(Bundle.module.url(forResource: "Records/tiny_elmo", withExtension: "hdf5"))
    try FileManager.default.copyItem(atPath: Self.folder() + "/options.json", toPath: scratch.path("options.json"))
    try FileManager.default.copyItem(atPath: weights.path, toPath: scratch.path("elmo_weights.hdf5"))
  }

  @Test(.enabled(if: HDF5File.isSupported)) func originalWeightsGiveTheRecordedLayers() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    try original(scratch)
    let record = try read()
    let encoder = try ELMoEncoder(folder: scratch.folder.path)
    let layers = encoder.layers(of: record.cases.map(\.words))
    for (number, each) in record.cases.enumerated() {
      for layer in each.layers.indices { #expect(distance(layers[layer][number], each.layers[layer]) < 1e-4) }
    }
  }

  @Test(.enabled(if: HDF5File.isSupported)) func convertedWeightsAreThoseThatWereTurned() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    try original(scratch)
    let target = scratch.path("made/of/it")
    let made = try ELMoEncoder.convert(folder: scratch.folder.path, to: target)
    #expect(made.path == target + "/model.safetensors")
    let (ours, recorded) = (
      try SafeTensors(file: made.path), try SafeTensors(file: Self.folder() + "/model.safetensors")
    )
    #expect(ours.names == recorded.names.filter { !$0.hasPrefix("mix.") })
    var numbers = 0
    for name in ours.names {
      let shape = try #require(recorded.shape(name))
      let (one, other) = (try ours.floats(name, shape: shape), try recorded.floats(name, shape: shape))
      // The characters' first row stands for nothing: the record has numbers there, the original has no such row.
      let skipped = name == "char_embed" ? shape[1] : 0
      #expect(one.prefix(skipped).allSatisfy { $0 == 0 })
      #expect(zip(one, other).dropFirst(skipped).allSatisfy { abs($0 - $1) < 1e-6 }, "\(name)")
      numbers += one.count
    }
    #expect(made.numbers == numbers)
    #expect(try ELMoEncoder(folder: target).dimensions == ELMoEncoder(folder: Self.folder()).dimensions)
    // What is there is not replaced.
    #expect(throws: EmbedError.self) { try ELMoEncoder.convert(folder: scratch.folder.path, to: target) }
  }

  @Test(.enabled(if: HDF5File.isSupported)) func weightsThatAreDamagedOrDoNotFitAreRefused() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    try original(scratch)
    let options = try String(contentsOfFile: scratch.path("options.json"), encoding: .utf8)
    _ = try scratch.write(
      options.replacing("\"projection_dim\": 16", with: "\"projection_dim\": 17"), to: "options.json")
    let misfit = #expect(throws: EmbedError.self) { try ELMoEncoder(folder: scratch.folder.path) }
    #expect(misfit?.description.contains("CNN_proj/W_proj") == true, "\(misfit?.description ?? "")")
    _ = try scratch.write(options, to: "options.json")
    let whole = try Data(contentsOf: URL(fileURLWithPath: scratch.path("elmo_weights.hdf5")))
    for part in [whole.prefix(0), whole.prefix(7), whole.prefix(whole.count / 2), Data("x".utf8)] {
      try part.write(to: URL(fileURLWithPath: scratch.path("elmo_weights.hdf5")))
      #expect(throws: EmbedError.self) { try ELMoEncoder.convert(folder: scratch.folder.path, to: nil) }
      #expect(!FileManager.default.fileExists(atPath: scratch.path("model.safetensors")))
    }
    try FileManager.default.removeItem(atPath: scratch.path("elmo_weights.hdf5"))
    let missing = #expect(throws: EmbedError.self) { try ELMoEncoder.convert(folder: scratch.folder.path, to: nil) }
    #expect(missing?.description.contains("no weights in HDF5") == true)
  }
}
