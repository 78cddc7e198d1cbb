import Engine
import Flow
import Frame
import Testing
import Widgets

@testable import Workbench

/// Every field of every form has an entry in the glossary.
struct GlossaryFieldTests {
  private func labels(_ fields: [FormField]) -> [String] {
    fields.filter { field in
      switch field.content {
      case .note, .buttons: false
      default: !field.label.isEmpty
      }
    }.map(\.label)
  }

  @Test(arguments: Operation.Kind.allCases)
  func fieldsOfStepsAreExplained(kind: Operation.Kind) {
    var form = StepForm(kind: kind, initial: nil, schema: DialogRig.schema)
    form.current = "age"
    for label in labels(form.fields(FormState([]))) {
      #expect(Glossary.entry(field: label) != nil, "\(kind): \(label)")
    }
  }

  @Test(arguments: AnalysisSpec.Kind.allCases)
  func fieldsOfAnalysesAreExplained(kind: AnalysisSpec.Kind) {
    var fields: [FormField]
    if let chart = kind.chart {
      let spec = ChartSpec(chart).changed(to: chart, schema: DialogRig.schema)
      fields = ChartForm(schema: DialogRig.schema).fields(spec, name: "", place: "here", buttons: [])
      #expect(fields.count > 3)
    } else {
      fields = AnalysisForm(kind: kind, schema: DialogRig.schema, current: "age", target: "income")
        .fields(nil, place: "here")
    }
    for label in labels(fields) {
      #expect(Glossary.entry(field: label) != nil, "\(kind): \(label)")
    }
  }

  @Test(arguments: ["all", "first", "random", "stratified"])
  func fieldsOfTheImportAreExplained(method: String) {
    let fields = ImportForm.fields(
      for: Source(location: "people.csv"), method: method, schema: DialogRig.schema, types: [:], isEditing: false)
    for label in labels(fields) { #expect(Glossary.entry(field: label) != nil, "\(label)") }
  }

  @Test func f2InADialogTellsTheFieldAndItsFormula() {
    var rig = DialogRig(width: 120, height: 40)
    rig.send(.command("analyze.histogram"))
    rig.press("tab", "tab", "tab", "f2")
    #expect(rig.screen.contains("spread of the values decides"))
    rig.press("escape")
    #expect(!rig.screen.contains("any key: back"))
  }
}
