// What word vectors and text classifiers cost, and how good they are, beside fastText (a program of that name on the
// path) and gensim (where ASSAY_PEERS names a Python that has it). ASSAY_TEXTS names a folder with corpus/novels-4m.txt.xz,
// corpus/wordsim353.tsv, corpus/questions-words.txt and text/*.train, *.test.

import Foundation
import ProgramDriver

extension Settings {
  /// A training of word vectors, its limit in CPU seconds, and what the others call the same.
  private struct VectorWork {
    let name: String
    let mode: String
    var dimensions = 100
    let limit: Double
    var fastText: [String] = []
    var gensim: String?
  }

  private static let works = [
    VectorWork(
      name: "batch_skipgram_100", mode: "batch_skipgram", limit: 1.7,
      fastText: ["skipgram", "-minn", "0", "-maxn", "0"], gensim: "sg=1"),
    VectorWork(
      name: "batch_skipgram_300", mode: "batch_skipgram", dimensions: 300, limit: 3.5,
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
    let corpus = folder.path + "/novels.txt"
    if !FileManager.default.fileExists(atPath: corpus) {
      let run = try Program.run(
        "/bin/sh", ["-c", "xz -dkc \"$0\" > \"$1\"", texts + "/corpus/novels-4m.txt.xz", corpus], timeout: .seconds(120)
      )
      guard run.status.isSuccess else { throw ProgramError("xz: \(run.errorText.suffix(300))") }
    }
    var found = try Self.works.map { try vectorBar($0, corpus, texts) }
    for (name, limit) in [("movie_reviews", 4.0), ("sentence_polarity", 0.8)] {
      found.append(try classifierBar(name, limit, texts))
    }
    return found
  }

  private func vectorBar(_ work: VectorWork, _ corpus: String, _ texts: String) throws -> Bar {
    var bar = Bar(name: "embed_" + work.name, target: "at most \(work.limit) CPU-s with AVX-512")
    let model = folder.path + "/embed-" + work.name
    let common = ["--epochs", "1", "--threads", "2", "--learning-rate", "0.025"]
    bar.measured = try measure(
      assay,
      ["embed", "train", corpus, "--mode", work.mode, "-o", model, "--vector-dim", "\(work.dimensions)"] + common,
      repeats: repeats)
    bar.isMet = bar.measured["cpu_seconds"].map { $0 <= work.limit }
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
  private func quality(_ vectors: String, _ texts: String) throws -> [String: Double] {
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

  private func classifierBar(_ name: String, _ limit: Double, _ texts: String) throws -> Bar {
    var bar = Bar(name: "embed_supervised_" + name, target: "at most \(limit) CPU-s, P@1 not below fastText's")
    let (train, test) = ("\(texts)/text/\(name).train", "\(texts)/text/\(name).test")
    let model = folder.path + "/embed-" + name
    bar.measured = try measure(
      assay,
      [
        "embed", "train", train, "--mode", "supervised", "-o", model, "--epochs", "25", "--learning-rate", "0.5",
        "--min-count", "1", "--threads", "2",
      ], repeats: repeats)
    bar.measured["precision_at_1"] = try precision(model + "/model.bin", test)
    let output = folder.path + "/embed-fasttext"
    do {
      var figures = try measure(
        "/usr/bin/env",
        [
          "fasttext", "supervised", "-input", train, "-output", output, "-epoch", "25", "-lr", "0.5", "-wordNgrams",
          "2",
          "-thread", "2",
        ], repeats: 1)
      figures["precision_at_1"] = try precision(output + ".bin", test)
      bar.peers["fastText"] = figures
    } catch { bar.notes.append("\(error)") }
    let isFast = bar.measured["cpu_seconds"].map { $0 <= limit } ?? false
    let rival = bar.peers["fastText"]?["precision_at_1"] ?? 0
    bar.isMet = isFast && bar.measured["precision_at_1"].map { $0 >= rival } ?? false
    return bar
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
