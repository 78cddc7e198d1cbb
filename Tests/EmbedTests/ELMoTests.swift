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

  @Test func hdf5IsNotReadAndSaysWhatToDo() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let options = try Data(contentsOf: URL(fileURLWithPath: Self.folder() + "/options.json"))
    _ = try scratch.write(String(decoding: options, as: UTF8.self), to: "options.json")
    _ = try scratch.write("x", to: "weights.hdf5")
    let error = #expect(throws: EmbedError.self) { try ELMoEncoder(folder: scratch.folder.path) }
    #expect(error?.description.contains("Save them as model.safetensors") == true)
  }
}
