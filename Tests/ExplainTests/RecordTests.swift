import Testing

@testable import Explain

/// Models and values of XGBoost 3.2, LightGBM 4.7 and shap 0.51 (numpy 2.4), recorded.
@Suite struct RecordTests {
  @Test(arguments: recordNames) func valuesAreThoseOfTheMaker(_ name: String) throws {
    let record = try Record(name)
    let wanted = record.contributions
    let margins = record.margins
    for level in choices {
      let values = try TreeExplainer(record.model, level: level).explain(record.rows)
      #expect(distance(withBase(values), wanted) < 1e-5, "\(String(describing: level))")
      #expect(distance(values.predictions, margins) < 1e-5, "\(String(describing: level))")
      #expect(values.additivityError < 1e-5)
    }
  }

  @Test(arguments: recordNames) func valuesAreThoseOfTheReference(_ name: String) throws {
    let record = try Record(name)
    let reference = ReferenceShap(record.model)
    for level in choices {
      let values = try TreeExplainer(record.model, level: level).explain(record.rows)
      for row in 0..<record.rows.count {
        let wanted = reference.values(of: record.rows.row(row))
        for output in 0..<record.model.outputs {
          #expect(distance(Array(values.values(row: row, output: output)), wanted[output]) < 3e-6)
        }
      }
      #expect(distance(values.baseValues, reference.baseValues) < 1e-9)
    }
  }

  @Test(arguments: [
    "xgboost-depth-1", "xgboost-depth-4", "xgboost-depth-8", "xgboost-depth-12", "xgboost-multiclass",
    "xgboost-categories",
  ])
  func interactionsAreThoseOfXGBoost(_ name: String) throws {
    let record = try Record(name)
    let wanted = record.numbers("interactions")
    let features = record.model.features.count
    for level in choices {
      let values = try TreeExplainer(record.model, hasInteractions: true, level: level).explain(record.rows)
      var found: [Double] = []
      for cell in 0..<record.rows.count * record.model.outputs {
        for i in 0..<features {
          let start = (cell * features + i) * features
          found += values.interactions[start..<start + features] + [0]
        }
        found += Array(repeating: 0, count: features) + [values.baseValues[cell % record.model.outputs]]
      }
      #expect(distance(found, wanted) < 1e-5, "\(String(describing: level))")
    }
  }

  @Test func interventionalValuesAreThoseOfShap() throws {
    let record = try Record("interventional")
    for level in choices {
      let values = try TreeExplainer(record.model, background: record.background, level: level).explain(record.rows)
      #expect(distance(values.values, record.numbers("raw")) < 1e-5)
      #expect(distance(values.baseValues, record.numbers("raw_base")) < 1e-5)
      #expect(values.additivityError < 1e-5)
    }
  }

  @Test(arguments: [(ExplainedOutput.probability, "probability"), (.logLoss, "log_loss")])
  func outputsOfTheLinkAreThoseOfShap(_ output: ExplainedOutput, _ key: String) throws {
    let record = try Record("interventional")
    let explainer = try TreeExplainer(record.model, background: record.background)
    let values = try explainer.explain(record.rows, output: output, labels: record.numbers("labels"))
    #expect(distance(values.values, record.numbers(key)) < 1e-5)
    #expect(values.additivityError < 1e-9)
    if output == .probability { #expect(distance(values.baseValues, record.numbers("probability_base")) < 1e-5) }
  }

  @Test func outputsThatAModelCannotHaveAreRefused() throws {
    let record = try Record("xgboost-multiclass")
    let explainer = try TreeExplainer(record.model, background: record.rows)
    #expect(throws: ExplainError.self) { try explainer.explain(record.rows, output: .probability) }
    let margins = try TreeExplainer(try Record("interventional").model)
    #expect(throws: ExplainError.self) { try margins.explain(record.rows, output: .probability) }
  }

  @Test(arguments: ["xgboost-multiclass", "xgboost-depth-8"]) func tilesAndThreadsChangeNothing(_ name: String) throws {
    let record = try Record(name)
    let many = record.rows.selecting((0..<3000).map { $0 * 7 % record.rows.count })
    let alone = try TreeExplainer(record.model).explain(record.rows)
    let together = try TreeExplainer(record.model, threads: 3).explain(many)
    for row in [0, 63, 64, 1023, 1024, 2999] {
      for output in 0..<record.model.outputs {
        #expect(
          together.values(row: row, output: output).elementsEqual(
            alone.values(row: row * 7 % record.rows.count, output: output)))
      }
    }
  }
}
