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
    let form = AnalysisForm(kind: kind, schema: DialogRig.schema, current: "age", target: "income")
    for label in labels(form.fields(nil, place: "here")) {
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
    rig.press("tab", "f2")
    #expect(rig.screen.contains("borders at"))
    rig.press("escape")
    #expect(!rig.screen.contains("any key: back"))
  }
}
